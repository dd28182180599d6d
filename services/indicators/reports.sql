-- lock --
-- One publication of a district at a time. $1 district
SELECT pg_advisory_xact_lock(hashtextextended('report ' || $1::text, 0))

-- next_number --
-- The next number of a period. $1 first $2 last day
SELECT coalesce(max(number), 0) + 1 FROM report WHERE first_on = $1 AND last_on = $2

-- publish --
-- A report with its figures. $1 id $2 district $3 first $4 last day $5 number $6 figures $7 sha256 $8 by $9 now
INSERT INTO report (id, district_id, first_on, last_on, number, figures, sha256, published_by, published_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- find --
-- A published report. $1 id
SELECT r.id, r.first_on, r.last_on, r.number, r.figures, r.sha256, r.published_at, a.name AS publisher
FROM report r JOIN account a ON a.id = r.published_by WHERE r.id = $1

-- list_reports --
-- Published reports, newest first. $1 most
SELECT r.id, r.first_on, r.last_on, r.number, r.sha256, r.published_at, a.name AS publisher
FROM report r JOIN account a ON a.id = r.published_by ORDER BY r.last_on DESC, r.number DESC LIMIT $1
