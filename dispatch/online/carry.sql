-- turn_back --
-- Somebody who is on the way to a visit, or has begun it, leaves for an emergency; it is theirs still. $1 visit $2 state it is in $3 caregiver
UPDATE visit SET state = 'accepted', started_at = NULL, check_in = NULL WHERE id = $1 AND state = $2 AND caregiver_id = $3
RETURNING id

-- postpone --
-- The same person comes later. $1 visit $2 state it is in $3 caregiver $4 start it had $5 new start $6 now
UPDATE visit SET planned_start = $5::timestamptz, planned_end = $5::timestamptz + make_interval(mins => minutes), window_end = greatest(window_end, $5::timestamptz),
       promised_at = CASE WHEN promised_at IS NULL THEN NULL ELSE $6::timestamptz END
WHERE id = $1 AND state = $2 AND caregiver_id = $3 AND planned_start IS NOT DISTINCT FROM $4 RETURNING id

-- hand_over --
-- Somebody else comes. $1 visit $2 state it is in $3 caregiver $4 start it had $5 new start $6 now $7 who comes $8 their provider $9 why
UPDATE visit SET state = 'offered', caregiver_id = $7, provider_id = $8, planned_start = $5::timestamptz, planned_end = $5::timestamptz + make_interval(mins => minutes),
       window_end = greatest(window_end, $5::timestamptz), offered_at = $6, accepted_at = NULL, why = $9,
       promised_at = CASE WHEN promised_at IS NULL THEN NULL ELSE $6::timestamptz END
WHERE id = $1 AND state = $2 AND caregiver_id = $3 AND planned_start IS NOT DISTINCT FROM $4 RETURNING id

-- hand_over_second --
-- Somebody else comes along. $1 visit $2 who would have $3 who does $4 now
UPDATE visit_companion SET caregiver_id = $3, offered_at = $4, accepted_at = NULL
WHERE visit_id = $1 AND caregiver_id = $2 AND started_at IS NULL RETURNING visit_id

-- take_back --
-- Nobody can come for now: the planner has it again. $1 visit $2 state it is in $3 start it had $4 why
UPDATE visit SET state = 'wanted', caregiver_id = NULL, offered_at = NULL, accepted_at = NULL, planned_start = NULL, planned_end = NULL,
       promised_at = NULL, is_pinned = false, why = $4
WHERE id = $1 AND state = $2 AND planned_start IS NOT DISTINCT FROM $3 RETURNING id

-- drop_second --
-- Who would have come along is free. $1 visit
DELETE FROM visit_companion WHERE visit_id = $1

-- keep_repair --
-- What the emergency cost others, beside the repairs of the planner. $1 id $2 district $3 day $4 trigger $5 broken $6 seconds $7 now
INSERT INTO plan (id, district_id, "on", state, cause, trigger, seed, seconds, broken, created_at, finished_at, accepted_at)
VALUES ($1, $2, $3, 'accepted', 'repair', $4, 0, $6, $5, $7, $7, $7)
