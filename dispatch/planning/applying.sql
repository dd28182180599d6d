-- lock_visits --
-- The visits of a plan, locked in one order, as they stand. $1 visits
SELECT id, district_id, case_id, elder_id, care_bed_id, caregiver_id, provider_id, service, state, window_start, window_end, minutes,
       wanted_at, offered_at, started_at, ended_at, check_in, check_out, record, planned_start
FROM visit WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE

-- lock_people --
-- Whose day changes: who makes the visits by the plan, and who would as they stand. $1 caregivers $2 visits
SELECT id FROM caregiver
WHERE id = ANY ($1::uuid[]) OR id IN (
  SELECT caregiver_id FROM visit WHERE id = ANY ($2::uuid[])
  UNION SELECT caregiver_id FROM visit_companion WHERE visit_id = ANY ($2::uuid[]))
ORDER BY id FOR NO KEY UPDATE

-- assign_visit --
-- Who comes and when. $1 visit $2 from $3 to $4 caregiver $5 start $6 end $7 why $8 promised $9 now $10 pinned
UPDATE visit SET state = $3, caregiver_id = $4, provider_id = (SELECT provider_id FROM caregiver WHERE id = $4),
       planned_start = $5, planned_end = $6, why = $7, promised_at = $8, is_pinned = $10,
       offered_at = CASE WHEN caregiver_id IS DISTINCT FROM $4 THEN $9 ELSE offered_at END,
       accepted_at = CASE WHEN caregiver_id IS NOT DISTINCT FROM $4 THEN accepted_at END
WHERE id = $1 AND state = $2 RETURNING id

-- release_visit --
-- Nobody comes yet, and why. $1 visit $2 from $3 why
UPDATE visit SET state = 'wanted', caregiver_id = NULL, offered_at = NULL, accepted_at = NULL, planned_start = NULL,
       planned_end = NULL, promised_at = NULL, is_pinned = false, why = $3
WHERE id = $1 AND state = $2 RETURNING id

-- explain_visit --
-- Why nobody comes, of a visit that waits. $1 visit $2 why
UPDATE visit SET why = $2 WHERE id = $1 AND state = 'wanted'

-- set_companion --
-- The second person, who answers for themselves. $1 visit $2 district $3 caregiver $4 now
INSERT INTO visit_companion (visit_id, district_id, caregiver_id, offered_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (visit_id) DO UPDATE SET caregiver_id = excluded.caregiver_id, offered_at = excluded.offered_at, accepted_at = NULL,
  started_at = NULL, ended_at = NULL, check_in = NULL, check_out = NULL
WHERE visit_companion.caregiver_id <> excluded.caregiver_id

-- drop_companion --
-- Nobody comes along. $1 visit
DELETE FROM visit_companion WHERE visit_id = $1 AND started_at IS NULL

-- list_untold --
-- Planned visits that begin before a day ends and have not been told. $1 now $2 until
SELECT id, district_id, case_id, elder_id, caregiver_id, state, planned_start FROM visit
WHERE state IN ('offered', 'accepted') AND promised_at IS NULL AND planned_start > $1 AND planned_start < $2
ORDER BY id LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED

-- promise_visit --
-- It has been told. $1 visit $2 now
UPDATE visit SET promised_at = $2 WHERE id = $1 AND promised_at IS NULL RETURNING id

-- unpin_visit --
-- The planner may change it again. $1 visit
UPDATE visit SET is_pinned = false WHERE id = $1 AND is_pinned RETURNING id
