-- start_visit --
-- Check-in. $1 visit $2 from $3 caregiver $4 started $5 mark
UPDATE visit SET state = 'in_progress', started_at = $4, check_in = $5
WHERE id = $1 AND state = $2 AND caregiver_id = $3 RETURNING id

-- end_visit --
-- Check-out. $1 visit $2 from $3 caregiver $4 ended $5 mark $6 record
UPDATE visit SET state = 'completed', ended_at = $4, check_out = $5, record = $6
WHERE id = $1 AND state = $2 AND caregiver_id = $3 RETURNING id

-- find_home --
-- The home of a visit, for its code. $1 visit
SELECT h.id, h.qr_secret FROM visit v JOIN elder e ON e.id = v.elder_id LEFT JOIN care_bed b ON b.id = v.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) WHERE v.id = $1
