-- create_entry --
-- A paper. $1 id $2 district $3 elder $4 scale $5 grade $6 issuer $7 issued on $8 sealed number $9 from $10 to $11 account $12 now
INSERT INTO grade_entry (id, district_id, elder_id, scale, grade, issuer, issued_on, number_sealed, valid_from, valid_to, entered_by, entered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- list_entries --
-- The papers behind an elder's grades. $1 elder
SELECT n.id, n.scale, n.grade, n.issuer, n.issued_on, n.valid_from, n.valid_to, n.entered_at, a.name AS entered_by_name
FROM grade_entry n JOIN account a ON a.id = n.entered_by WHERE n.elder_id = $1 ORDER BY n.id DESC LIMIT 100
