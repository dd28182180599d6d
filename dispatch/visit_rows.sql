-- find_visit --
-- One visit with the person, the home and the proof. $1 visit
SELECT * FROM visit_shown WHERE id = $1

-- find_case_of --
-- The case of a visit, which is locked first. $1 visit
SELECT case_id FROM visit WHERE id = $1

-- lock_visit --
-- One visit for a change. $1 visit
SELECT id, district_id, case_id, elder_id, care_bed_id, caregiver_id, provider_id, service, state, window_start, window_end, minutes,
       wanted_at, offered_at, started_at, ended_at, check_in, check_out, record
FROM visit WHERE id = $1 FOR NO KEY UPDATE

-- move_visit --
-- Another state. $1 visit $2 from $3 to
UPDATE visit SET state = $3 WHERE id = $1 AND state = $2 RETURNING id
