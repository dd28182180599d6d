-- find_companion --
-- The seat beside the first, if it is this caregiver's; its visit is locked before it is changed. $1 visit $2 caregiver
SELECT visit_id, caregiver_id, offered_at, accepted_at, en_route_at, started_at, ended_at, check_in, check_out
FROM visit_companion WHERE visit_id = $1 AND caregiver_id = $2

-- accept_companion --
-- A promise to come along. $1 visit $2 caregiver $3 now
UPDATE visit_companion SET accepted_at = $3 WHERE visit_id = $1 AND caregiver_id = $2

-- drop_companion --
-- The seat is free again. $1 visit $2 caregiver
DELETE FROM visit_companion WHERE visit_id = $1 AND caregiver_id = $2 AND started_at IS NULL

-- send_companion --
-- On the way. $1 visit $2 caregiver $3 now
UPDATE visit_companion SET en_route_at = $3 WHERE visit_id = $1 AND caregiver_id = $2

-- start_companion --
-- Check-in of the second. $1 visit $2 caregiver $3 started $4 mark
UPDATE visit_companion SET started_at = $3, check_in = $4, accepted_at = coalesce(accepted_at, $3)
WHERE visit_id = $1 AND caregiver_id = $2

-- end_companion --
-- Check-out of the second. $1 visit $2 caregiver $3 ended $4 mark
UPDATE visit_companion SET ended_at = $3, check_out = $4 WHERE visit_id = $1 AND caregiver_id = $2
