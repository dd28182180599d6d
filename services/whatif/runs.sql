-- start --
-- A what-if that waits to be computed. $1 id $2 district $3 code $4 version $5 name $6 body $7 sha256 $8 first month $9 months
-- $10 population $11 seed $12 account $13 now
INSERT INTO what_if (id, district_id, code, version, name, body, sha256, first_month, months, population, seed, state, started_by,
                     started_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', $12, $13)

-- find --
-- One what-if with who began it. $1 id
SELECT w.id, w.code, w.version, w.name, coalesce(substring(w.body FROM '(?n)^name_en *= *"([^"]*)"'), w.name) AS name_en, w.body, w.sha256, w.first_month, w.months, w.population, w.seed, w.state, w.persons,
       w.looked_at, w.after_elder, w.started_at, w.finished_at, w.result, w.error, a.name AS starter
FROM what_if w JOIN account a ON a.id = w.started_by WHERE w.id = $1

-- list_runs --
-- What-ifs, newest first. $1 before this id, or null $2 most
SELECT w.id, w.code, w.version, w.name, coalesce(substring(w.body FROM '(?n)^name_en *= *"([^"]*)"'), w.name) AS name_en, w.sha256, w.first_month, w.months, w.population, w.seed, w.state, w.persons, w.looked_at,
       w.started_at, w.finished_at, w.result, w.error, a.name AS starter
FROM what_if w JOIN account a ON a.id = w.started_by
WHERE $1::uuid IS NULL OR w.id < $1 ORDER BY w.id DESC LIMIT $2

-- find_open --
-- The eldest what-if that nobody computes. $1 computed by nobody since
SELECT id FROM what_if WHERE state = 'waiting' OR (state = 'running' AND seen_at < $1) ORDER BY id LIMIT 1

-- take --
-- Begin, or go on with what somebody left. $1 id $2 now $3 computed by nobody since
UPDATE what_if SET state = 'running', seen_at = $2, persons = (SELECT count(*) FROM elder)
WHERE id = $1 AND (state = 'waiting' OR (state = 'running' AND seen_at < $3)) RETURNING id

-- lock --
-- The what-if for one more piece, unless it was stopped. $1 id
SELECT id, district_id, code, version, body, first_month, months, population, seed, persons, looked_at, after_elder
FROM what_if WHERE id = $1 AND state = 'running' FOR UPDATE

-- list_next --
-- The next persons with town, by id. $1 after this elder, or null $2 most
SELECT e.id, coalesce(left(h.region_code, 9), '') AS town FROM elder e JOIN home h ON h.id = e.home_id
WHERE $1::uuid IS NULL OR e.id > $1 ORDER BY e.id LIMIT $2

-- list_bought --
-- Visits of these persons that a claim prices, with what schemes of the code pay of each; not those that another scheme
-- pays, nor those that the person wanted privately. $1 elders $2 from $3 before $4 services $5 code
SELECT c.elder_id, c.visit_id, c.started_at, c.service_on, c.service, c.unit_price, c.units,
       CASE WHEN s.code IS DISTINCT FROM $5::text OR c.state = 'rejected' THEN 0 ELSE coalesce(c.approved, c.subsidy) END AS subsidy
FROM claim c JOIN visit v ON v.id = c.visit_id LEFT JOIN scheme s ON s.id = c.scheme_id
WHERE c.elder_id = ANY ($1::uuid[]) AND c.service_on >= $2 AND c.service_on < $3 AND c.service = ANY ($4::text[])
  AND v.funding = 'subsidy' AND (c.subsidy = 0 OR s.code = $5)

-- list_present --
-- The signed versions of a code that held in a span. $1 code $2 first day $3 day after the last
SELECT body, effective_to FROM scheme
WHERE code = $1 AND state = 'signed' AND effective_from < $3 AND (effective_to IS NULL OR effective_to >= $2)
ORDER BY version

-- keep_person --
-- What a person's months come to. $1 what-if $2 district $3 elder $4 town $5 grade $6 paid $7 would pay $8 change
INSERT INTO what_if_person (what_if_id, district_id, elder_id, town, grade, paid, would_pay, change)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- advance --
-- One piece further. $1 id $2 last elder $3 looked at $4 now
UPDATE what_if SET after_elder = $2, looked_at = looked_at + $3, seen_at = $4 WHERE id = $1

-- list_kept --
-- Everybody's months. $1 what-if
SELECT town, grade, paid, would_pay FROM what_if_person WHERE what_if_id = $1 ORDER BY elder_id

-- finish --
-- The result. $1 id $2 result $3 now
UPDATE what_if SET state = 'done', result = $2, finished_at = $3, seen_at = $3 WHERE id = $1 AND state = 'running' RETURNING id

-- fail --
-- It cannot be computed. $1 id $2 why, a code $3 now
UPDATE what_if SET state = 'failed', error = $2, finished_at = $3 WHERE id = $1 AND state = 'running'

-- stop --
-- A person ends it. $1 id $2 now
UPDATE what_if SET state = 'stopped', finished_at = $2 WHERE id = $1 AND state IN ('waiting', 'running') RETURNING id

-- list_persons --
-- Who gains or loses most first. $1 what-if $2 gain: 1, loss: -1, both: 0 $3 town or null $4 grade or null $5 skip $6 most
SELECT p.elder_id, e.name, p.town, coalesce(r.name, '') AS town_name, p.grade, p.paid, p.would_pay, p.change
FROM what_if_person p JOIN elder e ON e.id = p.elder_id LEFT JOIN region r ON r.code = p.town
WHERE p.what_if_id = $1 AND ($2::int = 0 OR sign(p.change) = $2) AND ($3::text IS NULL OR p.town = $3)
  AND ($4::text IS NULL OR p.grade = $4)
ORDER BY abs(p.change) DESC, p.elder_id OFFSET $5 LIMIT $6

-- list_towns --
-- Names of towns. $1 codes
SELECT code, name FROM region WHERE code = ANY ($1::text[])
