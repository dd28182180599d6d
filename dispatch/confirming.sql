-- list_waiting --
-- Planned visits that are offered. $1 provider or null $2 since $3 until $4 most
SELECT id, elder_name, service, minutes, window_start, window_end, planned_start, planned_end, caregiver_id, caregiver_name,
       companion_name, staff, provider_name, offered_at
FROM visit_shown WHERE state = 'offered' AND case_id IS NULL AND ($1::uuid IS NULL OR provider_id = $1)
  AND window_start >= $2 AND window_start < $3 ORDER BY coalesce(planned_start, window_start), id LIMIT $4

-- confirm_visit --
-- A promise, made for the caregiver. $1 visit $2 from $3 caregiver $4 now
UPDATE visit SET state = 'accepted', accepted_at = $4 WHERE id = $1 AND state = $2 AND caregiver_id = $3 RETURNING id
