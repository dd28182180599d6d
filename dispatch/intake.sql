-- lock_intake --
-- One intake at a time in a district, so that two alarms of one elder cannot open two cases. $1 district
SELECT pg_advisory_xact_lock(7419002, hashtext($1::text))

-- take_alarms --
-- What waits: care before technical and the gravest first, so that no flood stands before an SOS. $1 now $2 most
WITH next AS (
  SELECT q.alarm_id FROM alarm_intake q JOIN alarm a ON a.id = q.alarm_id WHERE q.next_try_at IS NULL OR q.next_try_at <= $1
  ORDER BY a.class, a.severity, a.received_at, a.id LIMIT $2 FOR UPDATE OF q SKIP LOCKED)
SELECT n.alarm_id, a.id, a.district_id, a.device_id, d.thing_model, a.care_bed_id, a.elder_id, a.type, a.class, a.severity,
       a.observed_at, a.received_at, a.cancelled_at, EXISTS (SELECT FROM case_alarm l WHERE l.alarm_id = a.id) AS is_linked
FROM next n JOIN alarm a ON a.id = n.alarm_id JOIN device d ON d.id = a.device_id
ORDER BY a.class, a.severity, a.received_at, a.id

-- drop_taken --
-- It has its case. $1 alarm
DELETE FROM alarm_intake WHERE alarm_id = $1

-- postpone --
-- It could not be taken in: try again later. $1 alarm $2 when
UPDATE alarm_intake SET next_try_at = $2 WHERE alarm_id = $1

-- find_joinable --
-- The case that a care alarm belongs to: of the same elder, or of the same device where nobody is known.
-- $1 elder $2 device $3 alarms since $4 opened before $5 states $6 lowered ones may take it
SELECT c.id FROM care_case c
WHERE c.class = 'care' AND c.state = ANY($5::text[]) AND c.last_alarm_at >= $3 AND c.opened_at <= $4
  AND (c.elder_id = $1 OR ($1::uuid IS NULL AND c.elder_id IS NULL AND EXISTS (
    SELECT FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id WHERE l.case_id = c.id AND a.device_id = $2)))
  AND ($6 OR c.lowered_until IS NULL) AND c.paused_by IS NULL
ORDER BY c.lowered_until IS NOT NULL, c.opened_at DESC LIMIT 1

-- find_of_device --
-- The open case of a device at its bed, however old: a fault is one case until it is over. $1 device $2 bed $3 states
SELECT id FROM care_case
WHERE class = 'technical' AND device_id = $1 AND care_bed_id IS NOT DISTINCT FROM $2 AND state = ANY($3::text[])
ORDER BY opened_at DESC LIMIT 1

-- link_alarm --
-- An occurrence is kept, whatever becomes of the case. $1 alarm $2 case $3 district $4 now $5 visit that explains it
INSERT INTO case_alarm (alarm_id, case_id, district_id, linked_at, lowered_by) VALUES ($1, $2, $3, $4, $5)

-- join_case --
-- One more alarm; the gravest gives its type and severity, and what had returned is told from the start. $1 case $2 from $3 to $4 received $5 severity $6 type $7 escalate at $8 lowered until
UPDATE care_case SET state = $3, last_alarm_at = greatest(last_alarm_at, $4), severity = least(severity, $5),
       type = CASE WHEN $5 < severity THEN $6 ELSE type END, escalate_at = $7, lowered_until = $8,
       restored_at = NULL, step = CASE state WHEN 'returned' THEN 0 ELSE step END
WHERE id = $1 AND state = $2 RETURNING id

-- find_case_of --
-- The case of an alarm. $1 alarm
SELECT case_id FROM case_alarm WHERE alarm_id = $1

-- list_visits_under_way --
-- Visits that the elder has now. $1 elder
SELECT id, started_at, minutes, care_bed_id FROM visit WHERE elder_id = $1 AND state = 'in_progress'
