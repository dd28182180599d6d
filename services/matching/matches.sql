-- list_matches --
-- Matches, those found first at the top. $1 state or null $2 kind or null $3 scheme or null $4 after this id or null $5 most $6 elder or null
SELECT m.id, m.elder_id, e.name AS elder_name, e.born_on, g.name AS region_name, m.scheme_code, m.kind, m.reasons -> 'reasons' AS reasons,
       m.reasons ->> 'proposal' AS proposal, m.since, m.state, m.found_at, a.name AS decided_by_name, m.decided_at, m.reason,
       (SELECT s.name FROM scheme s WHERE s.code = m.scheme_code ORDER BY s.version DESC LIMIT 1) AS scheme_name
FROM eligibility_match m JOIN elder e ON e.id = m.elder_id JOIN home h ON h.id = e.home_id LEFT JOIN region g ON g.code = h.region_code
LEFT JOIN account a ON a.id = m.decided_by
WHERE ($1::text IS NULL OR m.state = $1) AND ($2::text IS NULL OR m.kind = $2) AND ($3::text IS NULL OR m.scheme_code = $3)
  AND ($4::uuid IS NULL OR m.id > $4) AND ($6::uuid IS NULL OR m.elder_id = $6) ORDER BY m.id LIMIT $5

-- count_matches --
-- What waits, by kind and scheme.
SELECT m.kind, m.scheme_code, count(*) AS n,
       (SELECT s.name FROM scheme s WHERE s.code = m.scheme_code ORDER BY s.version DESC LIMIT 1) AS scheme_name
FROM eligibility_match m WHERE m.state = 'open' GROUP BY m.kind, m.scheme_code ORDER BY m.kind DESC, m.scheme_code

-- take_matches --
-- Matches to be decided, locked in one order. $1 ids
SELECT id, district_id, elder_id, scheme_code, kind, state, reasons FROM eligibility_match WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE

-- decide_match --
-- What was decided, once. $1 id $2 state $3 by $4 now $5 reason
UPDATE eligibility_match SET state = $2, decided_by = $3, decided_at = $4, reason = $5 WHERE id = $1 AND state = 'open' RETURNING id
