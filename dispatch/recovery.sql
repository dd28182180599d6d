-- list_cases --
-- Open cases of devices, with what was raised and whether the device is still there. Those put aside wait for whoever did.
-- $1 after $2 most
SELECT c.id, c.state, c.last_alarm_at, c.restored_at, c.device_id,
       d.retired_at IS NOT NULL OR d.care_bed_id IS DISTINCT FROM c.care_bed_id AS is_gone,
       (SELECT jsonb_agg(jsonb_build_object('type', r.type, 'at', r.at)) FROM (
          SELECT a.type, max(a.observed_at) AS at FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id WHERE l.case_id = c.id
          GROUP BY a.type) r) AS raised
FROM care_case c JOIN device d ON d.id = c.device_id
WHERE c.class = 'technical' AND c.state IN ('raised', 'returned', 'claimed', 'verified') AND c.id > $1
  AND EXISTS (SELECT FROM case_alarm l WHERE l.case_id = c.id)
ORDER BY c.id LIMIT $2

-- mark --
-- Over since then, or (null) not over. $1 case $2 when
UPDATE care_case SET restored_at = $2 WHERE id = $1

-- has_incidents --
-- Is there an open incident at all?
SELECT EXISTS (SELECT FROM incident i JOIN care_case c ON c.id = i.id WHERE c.class = 'technical' AND c.state <> 'closed')

-- restore_people --
-- People of homes of which nothing that the incident explains is cut off any more; `left` counts those without cover before.
-- $1 now
WITH before AS (
  SELECT m.incident_id, m.elder_id, m.home_id, count(*) OVER (PARTITION BY m.incident_id) AS "left"
  FROM incident_member m JOIN care_case i ON i.id = m.incident_id WHERE i.state <> 'closed' AND m.restored_at IS NULL)
UPDATE incident_member m SET restored_at = $1 FROM before f
WHERE m.incident_id = f.incident_id AND m.elder_id = f.elder_id AND NOT EXISTS (
  SELECT FROM care_case c JOIN care_bed b ON b.id = c.care_bed_id
  WHERE c.incident_id = f.incident_id AND b.home_id = f.home_id AND c.state <> 'closed' AND c.restored_at IS NULL)
RETURNING m.incident_id, f."left"::int

-- list_ended --
-- Open incidents of which everybody has been back since then. $1 since
SELECT i.id FROM incident i JOIN care_case c ON c.id = i.id
WHERE c.state <> 'closed' AND NOT EXISTS (
  SELECT FROM incident_member m WHERE m.incident_id = i.id AND (m.restored_at IS NULL OR m.restored_at > $1))
ORDER BY i.id
