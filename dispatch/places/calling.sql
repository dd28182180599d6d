-- create_caller --
-- Somebody who calls. $1 id $2 district $3 name $4 role $5 grid $6 region $7 phone $8 now
INSERT INTO caller (id, district_id, name, role, grid, region_code, phone_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- list_callers --
-- Callers by id, with how many people are theirs. $1 after or null $2 most
SELECT c.id, c.name, c.role, c.grid, c.region_code, r.name AS region_name, c.created_at,
       (SELECT count(*) FROM call_on_duty d WHERE d.caller_id = c.id AND d.ended_on IS NULL) AS people
FROM caller c LEFT JOIN region r ON r.code = c.region_code
WHERE c.ended_at IS NULL AND ($1::uuid IS NULL OR c.id > $1) ORDER BY c.id LIMIT $2

-- find_caller --
-- Say whether a caller is active. $1 id
SELECT id FROM caller WHERE id = $1 AND ended_at IS NULL

-- end_caller --
-- A caller goes; a second time changes nothing. $1 id $2 now
UPDATE caller SET ended_at = coalesce(ended_at, $2) WHERE id = $1 RETURNING id

-- leave_duties --
-- Whoever was a caller's is nobody's. $1 caller
UPDATE call_on_duty SET caller_id = NULL WHERE caller_id = $1

-- assign --
-- Somebody is called on; the beginning stays when it is changed. $1 elder $2 district $3 category $4 caller $5 every days $6 since
INSERT INTO call_on_duty (elder_id, district_id, category, caller_id, every_days, since) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (elder_id) DO UPDATE SET category = $3, caller_id = $4, every_days = $5, ended_on = NULL,
  since = CASE WHEN call_on_duty.ended_on IS NULL THEN call_on_duty.since ELSE excluded.since END

-- end_duty --
-- Somebody is called on no more. $1 elder $2 day
UPDATE call_on_duty SET ended_on = $2 WHERE elder_id = $1 AND ended_on IS NULL RETURNING elder_id

-- record --
-- A call. $1 id $2 district $3 elder $4 caller $5 at $6 how $7 outcome $8 note $9 by $10 now
INSERT INTO call_on (id, district_id, elder_id, caller_id, at, how, outcome, note, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- list_calls --
-- Calls, the latest recorded first. $1 elder or null $2 caller or null $3 before this id or null $4 most
SELECT c.id, c.elder_id, e.name AS elder_name, c.caller_id, a.name AS caller_name, a.role AS caller_role, a.grid, c.at, c.how, c.outcome,
       c.note, c.recorded_at, b.name AS recorded_by_name
FROM call_on c JOIN elder e ON e.id = c.elder_id JOIN caller a ON a.id = c.caller_id JOIN account b ON b.id = c.recorded_by
WHERE ($1::uuid IS NULL OR c.elder_id = $1) AND ($2::uuid IS NULL OR c.caller_id = $2) AND ($3::uuid IS NULL OR c.id < $3)
ORDER BY c.id DESC LIMIT $4

-- list_duties --
-- Who is called on, and when somebody was last met; who is away is not waited for. $1 caller or null $2 outcomes that count $3 today
SELECT d.elder_id, e.name AS elder_name, e.born_on, e.lives_alone, d.category, d.every_days, d.since, d.caller_id, a.name AS caller_name,
       a.role AS caller_role, a.grid, r.name AS region_name, h.region_code,
       (SELECT max(c.at) FROM call_on c WHERE c.elder_id = d.elder_id AND c.outcome = ANY($2::text[])) AS last_at
FROM call_on_duty d JOIN elder e ON e.id = d.elder_id JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
LEFT JOIN caller a ON a.id = d.caller_id
WHERE d.ended_on IS NULL AND e.died_on IS NULL AND ($1::uuid IS NULL OR d.caller_id = $1)
  AND NOT EXISTS (SELECT FROM absence x WHERE x.elder_id = d.elder_id AND x.starts_on <= $3 AND (x.ends_on IS NULL OR x.ends_on >= $3))

-- list_uncalled --
-- Living elders at home on whom nobody calls. $1 today
SELECT e.id AS elder_id, e.name AS elder_name, e.born_on, e.lives_alone, h.region_code, r.name AS region_name
FROM elder e JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
WHERE e.died_on IS NULL AND NOT EXISTS (SELECT FROM call_on_duty d WHERE d.elder_id = e.id AND d.ended_on IS NULL)
  AND NOT EXISTS (SELECT FROM absence x WHERE x.elder_id = e.id AND x.kind = 'institution' AND x.starts_on <= $1
                  AND (x.ends_on IS NULL OR x.ends_on >= $1))
ORDER BY e.born_on, e.id
