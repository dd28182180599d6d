-- list_explained_cases --
-- Raised cases whose every alarm this visit explains. $1 visit
SELECT c.id, c.district_id, c.elder_id, c.class, c.state, c.lowered_until FROM care_case c WHERE c.state = 'raised' AND c.lowered_until IS NOT NULL
  AND EXISTS (SELECT FROM case_alarm l WHERE l.case_id = c.id AND l.lowered_by = $1)
  AND NOT EXISTS (SELECT FROM case_alarm l WHERE l.case_id = c.id AND l.lowered_by IS DISTINCT FROM $1)
ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED

-- list_alarms --
-- What a case is about, with the devices of the bed. $1 case
SELECT a.type, a.device_id, max(a.observed_at) AS observed_at,
       ARRAY (SELECT d.id FROM device d WHERE d.care_bed_id = a.care_bed_id AND d.retired_at IS NULL ORDER BY d.id) AS around
FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id WHERE l.case_id = $1
GROUP BY a.type, a.device_id, a.care_bed_id

-- look_at --
-- The explanation ends sooner. $1 case $2 when
UPDATE care_case SET lowered_until = $2, escalate_at = $2 WHERE id = $1
