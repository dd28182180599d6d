-- insert_alarm --
-- Raise an alarm once, at the bed where the device is now, whatever a copy says. $1 id $2 district $3 device $4 message id
-- $5 type $6 class $7 severity $8 observed $9 received $10 historical $11 skewed $12 rule $13 evidence $14 raw
INSERT INTO alarm (id, district_id, device_id, care_bed_id, elder_id, message_id, type, class, severity, observed_at,
                   received_at, historical, skewed, rule, evidence, raw)
SELECT $1, $2, d.id, d.care_bed_id, b.elder_id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
FROM device d LEFT JOIN care_bed b ON b.id = d.care_bed_id AND b.ended_on IS NULL WHERE d.id = $3
ON CONFLICT (device_id, message_id) DO NOTHING RETURNING id, elder_id

-- find_by_message --
-- The alarm that a message made. $1 device $2 message id
SELECT id FROM alarm WHERE device_id = $1 AND message_id = $2

-- find_near --
-- The same alarm a moment ago, for senders that number nothing. $1 device $2 type $3 since
SELECT id FROM alarm WHERE device_id = $1 AND type = $2 AND received_at >= $3 AND rule IS NULL
ORDER BY received_at DESC LIMIT 1

-- cancel --
-- The elder's own cancel is kept beside the alarm, once. $1 device $2 message id $3 at $4 the cancel's own id
WITH before AS (SELECT id, evidence->>'cancelled_by' AS cancelled_by FROM alarm WHERE device_id = $1 AND message_id = $2 FOR NO KEY UPDATE)
UPDATE alarm a SET cancelled_at = coalesce(a.cancelled_at, $3),
       evidence = jsonb_build_object('cancelled_by', $4::text) || a.evidence
FROM before b WHERE a.id = b.id RETURNING a.id, a.elder_id, b.cancelled_by IS DISTINCT FROM $4::text AS is_new

-- find_alarm --
-- One alarm. $1 id
SELECT id, device_id, care_bed_id, elder_id, message_id, type, class, severity, observed_at, received_at, historical,
       skewed, rule, evidence, cancelled_at
FROM alarm WHERE id = $1

-- list_alarms --
-- Alarms, the newest first. $1 device $2 elder $3 after (an id) $4 limit
SELECT id, device_id, care_bed_id, elder_id, message_id, type, class, severity, observed_at, received_at, historical,
       skewed, rule, evidence, cancelled_at
FROM alarm
WHERE ($1::uuid IS NULL OR device_id = $1) AND ($2::uuid IS NULL OR elder_id = $2)
  AND ($3::uuid IS NULL OR (received_at, id) < (SELECT received_at, id FROM alarm WHERE id = $3))
ORDER BY received_at DESC, id DESC LIMIT $4
