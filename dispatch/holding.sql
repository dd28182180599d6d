-- hold_visit --
-- Out of the planning, and nobody's. $1 visit $2 reason
UPDATE visit SET state = 'wanted', held_reason = $2, caregiver_id = NULL, offered_at = NULL, accepted_at = NULL,
       planned_start = NULL, planned_end = NULL, promised_at = NULL, is_pinned = false
WHERE id = $1 AND case_id IS NULL AND state IN ('wanted', 'offered', 'accepted') RETURNING id

-- drop_companion --
-- The second person is let go with the first. $1 visit
DELETE FROM visit_companion WHERE visit_id = $1

-- free_visit --
-- Into the planning again. $1 visit
UPDATE visit SET held_reason = NULL WHERE id = $1 AND held_reason IS NOT NULL RETURNING id
