-- list_coming --
-- Visits of an elder that come, the next first. $1 elder $2 since $3 until
SELECT id, service, state, window_start, window_end, planned_start, minutes, staff, caregiver_name, held_reason, funding, origin
FROM visit_shown WHERE elder_id = $1 AND window_end >= $2 AND window_start < $3 AND state NOT IN ('cancelled', 'reassigned')
ORDER BY window_start, id LIMIT 60
