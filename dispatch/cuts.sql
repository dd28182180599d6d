-- find_place --
-- The home of a bed, the open incident that has it already, and whether it was back. $1 bed
SELECT h.id AS home_id, h.lat, h.lon, h.region_code, m.incident_id, m.cause, coalesce(m.is_back, false) AS is_back
FROM care_bed b JOIN home h ON h.id = b.home_id
LEFT JOIN LATERAL (
  SELECT m.incident_id, i.cause, bool_or(m.restored_at IS NOT NULL) AS is_back
  FROM incident_member m JOIN incident i ON i.id = m.incident_id JOIN care_case c ON c.id = i.id
  WHERE m.home_id = h.id AND c.state <> 'closed' GROUP BY m.incident_id, i.cause ORDER BY m.incident_id LIMIT 1) m ON true
WHERE b.id = $1

-- list_waiting --
-- Homes that lost cover a moment ago and belong to no open incident. $1 since $2 alarm types $3 those that count on mains only
-- $4 models on mains
WITH alone AS MATERIALIZED (
  SELECT c.id, c.device_id, c.care_bed_id FROM care_case c
  WHERE c.class = 'technical' AND c.state <> 'closed' AND c.restored_at IS NULL AND c.last_alarm_at >= $1
    AND (c.incident_id IS NULL OR EXISTS (SELECT FROM care_case o WHERE o.id = c.incident_id AND o.state = 'closed')))
SELECT DISTINCT h.id AS home_id, h.lat, h.lon, h.region_code
FROM alone c JOIN care_bed b ON b.id = c.care_bed_id JOIN home h ON h.id = b.home_id JOIN device d ON d.id = c.device_id
WHERE EXISTS (SELECT FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id
              WHERE l.case_id = c.id AND a.received_at >= $1 AND a.type = ANY($2::text[])
                AND (a.type <> ALL($3::text[]) OR d.thing_model = ANY($4::text[])))
ORDER BY h.id

-- list_open_homes --
-- The homes of the open incidents, the oldest incident first.
SELECT DISTINCT i.id AS incident_id, i.scope, h.id AS home_id, h.lat, h.lon, h.region_code
FROM incident i JOIN care_case c ON c.id = i.id JOIN incident_member m ON m.incident_id = i.id JOIN home h ON h.id = m.home_id
WHERE c.class = 'technical' AND c.state <> 'closed' ORDER BY i.id, h.id

-- create_incident --
-- What a case that is an incident is about. $1 id $2 district $3 cause $4 scope $5 region $6 lat $7 lon
INSERT INTO incident (id, district_id, cause, scope, region_code, lat, lon) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- widen --
-- It is the whole community's now; it never shrinks. $1 incident $2 scope
UPDATE incident SET scope = $2 WHERE id = $1 AND scope = 'building' AND $2 <> 'building'

-- touch --
-- Something was lost again. $1 incident $2 at
UPDATE care_case SET last_alarm_at = greatest(last_alarm_at, $2), restored_at = NULL WHERE id = $1

-- set_cause --
-- Power, whatever was thought before. $1 incident
UPDATE incident SET cause = 'power' WHERE id = $1 AND cause <> 'power'

-- set_type --
-- The case is named after it. $1 incident
UPDATE care_case SET type = 'power_cut' WHERE id = $1 AND type <> 'power_cut'

-- has_power --
-- Does any of its cases tell of lost power? $1 incident
SELECT EXISTS (SELECT FROM care_case c JOIN case_alarm l ON l.case_id = c.id JOIN alarm a ON a.id = l.alarm_id
               WHERE c.incident_id = $1 AND a.type = 'power_lost')

-- add_people --
-- Everybody with a bed in these homes has lost cover. $1 incident $2 district $3 homes $4 now
INSERT INTO incident_member (incident_id, elder_id, district_id, home_id, care_bed_id, joined_at)
SELECT DISTINCT ON (b.elder_id) $1, b.elder_id, $2, b.home_id, b.id, $4 FROM care_bed b
WHERE b.home_id = ANY($3::uuid[]) AND b.ended_on IS NULL ORDER BY b.elder_id, b.id
ON CONFLICT (incident_id, elder_id) DO UPDATE SET restored_at = NULL RETURNING elder_id

-- link_cases --
-- The open cases of these homes that the incident explains. $1 incident $2 homes $3 alarms since $4 alarm types
UPDATE care_case c SET incident_id = $1 FROM care_bed b
WHERE b.id = c.care_bed_id AND b.home_id = ANY($2::uuid[]) AND c.class = 'technical' AND c.state <> 'closed' AND c.device_id IS NOT NULL
  AND c.incident_id IS DISTINCT FROM $1
  AND EXISTS (SELECT FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id
              WHERE l.case_id = c.id AND a.received_at >= $3 AND a.type = ANY($4::text[]))
RETURNING c.id, c.district_id, c.class, c.elder_id, c.state

-- link_case --
-- The case of one alarm. $1 alarm $2 incident
UPDATE care_case c SET incident_id = $2 FROM case_alarm l
WHERE l.alarm_id = $1 AND c.id = l.case_id AND c.incident_id IS DISTINCT FROM $2
RETURNING c.id, c.district_id, c.class, c.elder_id, c.state

-- lose_again --
-- A home that was back is not any more. $1 incident $2 home
UPDATE incident_member SET restored_at = NULL WHERE incident_id = $1 AND home_id = $2 AND restored_at IS NOT NULL RETURNING elder_id

-- move_people --
-- The people of another incident, as they are. $1 other $2 incident
INSERT INTO incident_member (incident_id, elder_id, district_id, home_id, care_bed_id, joined_at, restored_at, called_at, called_by,
                             call_result)
SELECT $2, elder_id, district_id, home_id, care_bed_id, joined_at, restored_at, called_at, called_by, call_result
FROM incident_member WHERE incident_id = $1 ON CONFLICT (incident_id, elder_id) DO NOTHING

-- drop_people --
-- They are the other's now. $1 incident
DELETE FROM incident_member WHERE incident_id = $1

-- move_cases --
-- The cases of another incident. $1 other $2 incident
UPDATE care_case SET incident_id = $2 WHERE incident_id = $1
