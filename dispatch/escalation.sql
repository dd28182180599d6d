-- take_due --
-- Cases whose deadline has passed, each for one tick only, with whom they were sent. $1 now $2 most
SELECT c.id, c.district_id, c.elder_id, c.care_bed_id, c.class, c.type, c.severity, c.state, c.claimed_by, c.claimed_at, c.policy, c.step,
       c.escalate_at, c.lowered_until, v.id AS visit_id, v.state AS visit_state
FROM care_case c
LEFT JOIN LATERAL (SELECT id, state FROM visit WHERE case_id = c.id AND state IN ('offered', 'accepted', 'en_route', 'in_progress')
                   ORDER BY id DESC LIMIT 1) v ON true
WHERE c.escalate_at <= $1 ORDER BY c.escalate_at LIMIT $2 FOR NO KEY UPDATE OF c SKIP LOCKED

-- set_steps --
-- The next looks. $1 cases $2 steps $3 escalate at
UPDATE care_case c SET step = n.step, escalate_at = n.at
FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS n(id, step, at) WHERE c.id = n.id

-- write_entries --
-- A line of each timeline. $1 ids $2 district $3 cases $4 now $5 action $6 states $7 data
INSERT INTO case_entry (id, district_id, case_id, at, action, from_state, to_state, data)
SELECT n.id, $2, n.case_id, $4, $5, n.state, n.state, n.data
FROM unnest($1::uuid[], $3::uuid[], $6::text[], $7::jsonb[]) AS n(id, case_id, state, data)

-- list_unreached --
-- Cases of which nobody has been reached and nobody is being told. $1 cases
SELECT c.id FROM unnest($1::uuid[]) AS c(id)
WHERE NOT EXISTS (SELECT FROM notice n WHERE n.case_id = c.id AND n.kind = 'case'
                  AND (n.state IN ('told', 'answered') OR n.next_at IS NOT NULL AND EXISTS (
                    SELECT FROM notice_try t WHERE t.notice_id = n.id AND t.state IN ('delivered', 'answered'))))

-- unlower --
-- The explanation has ended: as grave as its alarms, and it pages from the start. $1 case $2 escalate at
UPDATE care_case c SET lowered_until = NULL, step = 0, escalate_at = $2, severity = g.severity, type = g.type
FROM (SELECT a.severity, a.type FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id WHERE l.case_id = $1
      ORDER BY a.severity, a.received_at LIMIT 1) g
WHERE c.id = $1

-- stop_looking --
-- Nothing can be overdue in this state. $1 case
UPDATE care_case SET escalate_at = NULL WHERE id = $1
