-- start_visit --
-- Check-in. $1 visit $2 from $3 caregiver $4 started $5 mark
UPDATE visit SET state = 'in_progress', started_at = $4, check_in = $5
WHERE id = $1 AND state = $2 AND caregiver_id = $3 RETURNING id

-- end_visit --
-- Check-out. $1 visit $2 from $3 caregiver $4 ended $5 mark $6 record
UPDATE visit SET state = 'completed', ended_at = $4, check_out = $5, record = $6
WHERE id = $1 AND state = $2 AND caregiver_id = $3 RETURNING id
