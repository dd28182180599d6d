-- open_guardianship --
-- A guardianship begins. $1 id $2 district $3 elder $4 account $5 now
INSERT INTO guardianship (id, district_id, elder_id, capacity, opened_by, opened_at) VALUES ($1, $2, $3, 'unknown', $4, $5)

-- lock_guardianship --
-- Take it for a change. $1 guardianship
SELECT id, district_id, elder_id, closed_on FROM guardianship WHERE id = $1 FOR UPDATE

-- record_step --
-- One of the four. $1 guardianship $2 step $3 district $4 day $5 finding $6 sealed note $7 account $8 now
INSERT INTO guardianship_step (guardianship_id, step, district_id, done_on, finding, note_sealed, done_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- set_capacity --
-- What was determined. $1 guardianship $2 capacity
UPDATE guardianship SET capacity = $2 WHERE id = $1

-- has_guardian --
-- Whether somebody is guardian on a day. $1 guardianship $2 day
SELECT EXISTS (SELECT FROM guardianship_member WHERE guardianship_id = $1 AND role = 'guardian' AND valid_from <= $2
               AND (valid_to IS NULL OR valid_to >= $2))

-- look --
-- One of the six was looked at; the same day once. $1 guardianship $2 item $3 district $4 day $5 holds until or null $6 account $7 now
INSERT INTO guardianship_have (guardianship_id, item, district_id, had_on, check_by, checked_by, checked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (guardianship_id, item, had_on) DO UPDATE SET check_by = $5, checked_by = $6, checked_at = $7

-- close_guardianship --
-- It ends. $1 guardianship $2 day $3 account $4 reason
UPDATE guardianship SET closed_on = $2, closed_by = $3, close_reason = $4 WHERE id = $1 AND closed_on IS NULL

-- end_members --
-- Nobody holds a role after it; what would have begun later never does. $1 guardianship $2 day
UPDATE guardianship_member SET valid_to = greatest($2, valid_from) WHERE guardianship_id = $1 AND (valid_to IS NULL OR valid_to > $2)

-- find_guardianship --
-- One guardianship. $1 id
SELECT g.id, g.district_id, g.elder_id, e.name AS elder_name, e.born_on, e.died_on, g.capacity, g.opened_at, g.closed_on, g.close_reason,
       r.name AS region_name
FROM guardianship g JOIN elder e ON e.id = g.elder_id JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
WHERE g.id = $1

-- list_steps --
-- The steps that were done, in their order. $1 guardianship
SELECT s.step, s.done_on, s.finding, s.note_sealed, s.done_by, a.name AS done_by_name, s.recorded_at
FROM guardianship_step s JOIN account a ON a.id = s.done_by WHERE s.guardianship_id = $1
ORDER BY array_position(ARRAY['investigate', 'determine', 'choose', 'care'], s.step)

-- list_members --
-- Who holds or held a role, the latest first. $1 guardianship
SELECT m.id, m.role, m.name, m.caregiver_id, m.caller_id, m.phone_sealed, m.valid_from, m.valid_to
FROM guardianship_member m WHERE m.guardianship_id = $1 ORDER BY m.valid_from DESC, m.id DESC

-- list_haves --
-- The latest look at each of the six. $1 guardianship
SELECT DISTINCT ON (item) item, had_on, check_by FROM guardianship_have WHERE guardianship_id = $1 ORDER BY item, had_on DESC

-- list_guardianships --
-- Guardianships, newest first. $1 elder or null $2 before this id or null $3 most $4 today
SELECT g.id, g.elder_id, e.name AS elder_name, e.born_on, g.capacity, g.opened_at, g.closed_on, r.name AS region_name,
       (SELECT count(DISTINCT m.role)::int FROM guardianship_member m WHERE m.guardianship_id = g.id AND m.valid_from <= $4
        AND (m.valid_to IS NULL OR m.valid_to >= $4)) AS held,
       (SELECT s.step FROM guardianship_step s WHERE s.guardianship_id = g.id
        ORDER BY array_position(ARRAY['investigate', 'determine', 'choose', 'care'], s.step) DESC LIMIT 1) AS last_step
FROM guardianship g JOIN elder e ON e.id = g.elder_id JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
WHERE ($1::uuid IS NULL OR g.elder_id = $1) AND ($2::uuid IS NULL OR g.id < $2) ORDER BY g.id DESC LIMIT $3

-- list_candidates --
-- Persons in extreme hardship without a guardianship: by a dated fact, or by the old word where there is none. $1 today
SELECT e.id, e.name, e.born_on, r.name AS region_name FROM elder e JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
WHERE e.died_on IS NULL AND NOT EXISTS (SELECT FROM guardianship g WHERE g.elder_id = e.id AND g.closed_on IS NULL)
  AND (EXISTS (SELECT FROM person_fact f WHERE f.elder_id = e.id AND f.kind = 'assistance' AND f.value = 'tekun' AND f.valid_from <= $1
               AND (f.valid_to IS NULL OR f.valid_to >= $1))
       OR e.category = 'tekun' AND NOT EXISTS (SELECT FROM person_fact f WHERE f.elder_id = e.id AND f.kind = 'assistance'))
ORDER BY e.name, e.id LIMIT 200
