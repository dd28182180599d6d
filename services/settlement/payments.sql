-- lock_files --
-- One file of a district is taken at a time: of two alike the second is known, of two that pay the same the second sees the first. $1 district
SELECT pg_advisory_xact_lock(hashtextextended('payment files ' || $1::text, 0))

-- find_mapping --
-- The district's mapping of a kind of file. $1 kind
SELECT mapping FROM payment_mapping WHERE kind = $1

-- keep_mapping --
-- Keep the mapping that was used. $1 district $2 kind $3 mapping $4 account $5 now
INSERT INTO payment_mapping (district_id, kind, mapping, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (district_id, kind) DO UPDATE SET mapping = excluded.mapping, set_by = excluded.set_by, set_at = excluded.set_at

-- find_file --
-- The same file, if it was taken before. $1 sha256
SELECT id, name, imported_at FROM payment_file WHERE sha256 = $1

-- add_file --
-- A file taken as a whole. $1 id $2 district $3 kind $4 name $5 sha256 $6 lines $7 total $8 account $9 now
INSERT INTO payment_file (id, district_id, kind, name, sha256, lines, total, imported_by, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- list_files --
-- Files taken, newest first. $1 most
SELECT f.id, f.kind, f.name, f.lines, f.total, f.imported_at, a.name AS imported_by_name FROM payment_file f JOIN account a ON a.id = f.imported_by
ORDER BY f.imported_at DESC, f.id DESC LIMIT $1

-- list_statements --
-- Issued statements by their number or id. $1 numbers or ids as texts
SELECT x.text, s.id, s.state, s.payable, s.provider_id, n.number,
       (SELECT coalesce(sum(p.amount), 0) FROM payment p WHERE p.statement_id = s.id)::numeric(14,2) AS paid
FROM unnest($1::text[]) AS x(text) JOIN statement_seal n ON n.number::text = x.text OR n.statement_id::text = lower(x.text)
JOIN statement s ON s.id = n.statement_id

-- list_known --
-- References of payments and codes of vouchers that are there already. $1 texts
SELECT reference AS text FROM payment WHERE reference = ANY ($1::text[]) UNION SELECT code FROM voucher WHERE code = ANY ($1::text[])

-- add_payment --
-- One line of a bank's file. $1 id $2 district $3 file $4 line $5 statement $6 amount $7 day $8 reference
INSERT INTO payment (id, district_id, file_id, line, statement_id, amount, paid_on, reference) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- find_claim --
-- The claims that a voucher may mean: by id, or by person, day and service. $1 claim or null $2 index of the identity number or null $3 day $4 service or null
SELECT c.id, c.district_id, c.statement_id, c.provider_id, c.copay, coalesce(c.approved, c.subsidy) AS subsidy, c.scheme_id, h.body,
       s.state AS statement_state, s.month,
       (SELECT coalesce(sum(v.of_copay), 0) FROM voucher v WHERE v.claim_id = c.id) AS copay_gone,
       (SELECT coalesce(sum(l.amount), 0) FROM statement_line l WHERE l.claim_id = c.id AND l.kind IN ('voucher', 'correction')) AS subsidy_gone
FROM claim c JOIN statement s ON s.id = c.statement_id JOIN elder e ON e.id = c.elder_id LEFT JOIN scheme h ON h.id = c.scheme_id
WHERE ($1::uuid IS NULL OR c.id = $1) AND ($2::bytea IS NULL OR e.id_number_index = $2) AND ($1 IS NOT NULL OR $2 IS NOT NULL)
  AND c.service_on = $3 AND ($4::text IS NULL OR c.service = $4)
ORDER BY c.started_at, c.id LIMIT 2 FOR NO KEY UPDATE OF c

-- add_voucher --
-- A voucher redeemed elsewhere. $1 id $2 district $3 file $4 line $5 claim $6 code $7 amount $8 of copay $9 of subsidy $10 day $11 statement line or null
INSERT INTO voucher (id, district_id, file_id, line, claim_id, code, amount, of_copay, of_subsidy, redeemed_on, line_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
