-- raise_alarms --
-- Raise alarms once each, in this order, and tell who listens. $1 ids $2 districts $3 devices $4 message ids $5 types
-- $6 classes $7 severities $8 observed $9 received $10 historical $11 skewed $12 rules $13 evidence (JSON) $14 raw
-- $15 since when the same press is an echo, or null $16 roles that hear of it
SELECT alarm_id, is_new FROM raise_alarms($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)

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
