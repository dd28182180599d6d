-- take_due --
-- Cases whose deadline has passed, each for one tick only. $1 now $2 most
SELECT id, district_id, elder_id, care_bed_id, class, type, severity, state, claimed_by, policy, step, escalate_at, lowered_until
FROM care_case WHERE escalate_at <= $1 ORDER BY escalate_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED

-- set_step --
-- The next look. $1 case $2 step $3 escalate at
UPDATE care_case SET step = $2, escalate_at = $3 WHERE id = $1

-- unlower --
-- The explanation has ended: as grave as its alarms, and it pages from the start. $1 case $2 escalate at
UPDATE care_case c SET lowered_until = NULL, step = 0, escalate_at = $2, severity = g.severity, type = g.type
FROM (SELECT a.severity, a.type FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id WHERE l.case_id = $1
      ORDER BY a.severity, a.received_at LIMIT 1) g
WHERE c.id = $1

-- stop_looking --
-- Nothing can be overdue in this state. $1 case
UPDATE care_case SET escalate_at = NULL WHERE id = $1

-- find_live_visit --
-- Whom the case was sent. $1 case
SELECT id, state FROM visit WHERE case_id = $1 AND state IN ('offered', 'accepted', 'en_route', 'in_progress')

-- create_policy --
-- A policy. $1 id $2 district $3 name $4 steps $5 now
INSERT INTO escalation_policy (id, district_id, name, steps, active, created_at) VALUES ($1, $2, $3, $4, true, $5)

-- retire_policies --
-- Only one is active.
UPDATE escalation_policy SET active = false WHERE active

-- find_policy --
-- The policy in force.
SELECT id, name, steps FROM escalation_policy WHERE active
