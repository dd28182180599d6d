-- lock_case --
-- One case for a change. $1 case
SELECT id, district_id, elder_id, care_bed_id, class, type, severity, state, opened_at, last_alarm_at, claimed_by, claimed_at,
       policy, step, escalate_at, lowered_until, device_id, incident_id, restored_at
FROM care_case WHERE id = $1 FOR NO KEY UPDATE

-- find_case --
-- One case with the person, the home and the grade in force when it was opened. $1 case
SELECT * FROM case_shown WHERE id = $1

-- list_open --
-- What is not closed: what waits first, then by severity, grade and age; an incident stands for its cases. $1 class
SELECT * FROM case_shown WHERE class = $1 AND state <> 'closed' AND NOT is_in_incident
ORDER BY state IN ('shelved', 'out_of_service'), state = 'resolved', severity, grade_rank, opened_at, id LIMIT 500

-- list_cases --
-- Cases, newest first. $1 elder or null $2 state or null $3 class or null $4 after or null $5 most
SELECT * FROM case_shown
WHERE ($1::uuid IS NULL OR elder_id = $1) AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR class = $3)
  AND ($4::uuid IS NULL OR id < $4)
ORDER BY id DESC LIMIT $5

-- list_alarms --
-- The alarms of a case, oldest first. $1 case
SELECT a.id, a.device_id, d.name AS device_name, d.thing_model, d.room, a.type, a.class, a.severity, a.observed_at, a.received_at,
       a.rule, a.evidence, a.cancelled_at, l.linked_at, l.lowered_by
FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id JOIN device d ON d.id = a.device_id
WHERE l.case_id = $1 ORDER BY a.received_at, a.id

-- list_of_alarms --
-- The cases of some alarms. $1 alarms
SELECT l.alarm_id, l.case_id, l.lowered_by, c.state FROM case_alarm l JOIN care_case c ON c.id = l.case_id
WHERE l.alarm_id = ANY($1::uuid[])

-- open_case --
-- A new case. $1 id $2 district $3 elder $4 bed $5 class $6 type $7 severity $8 opened $9 policy $10 escalate at $11 lowered until
-- $12 device of a technical one
INSERT INTO care_case (id, district_id, elder_id, care_bed_id, class, type, severity, state, opened_at, last_alarm_at, policy,
                       escalate_at, lowered_until, device_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'raised', $8, $8, $9, $10, $11, $12)
RETURNING id, district_id, elder_id, care_bed_id, class, type, severity, state, opened_at, last_alarm_at, claimed_by, claimed_at,
          policy, step, escalate_at, lowered_until, device_id, incident_id, restored_at

-- claim_case --
-- The first who asks has it. $1 case $2 account $3 now $4 escalate at
UPDATE care_case SET state = 'claimed', claimed_by = $2, claimed_at = $3, escalate_at = $4, lowered_until = NULL
WHERE id = $1 AND state IN ('raised', 'returned') RETURNING id

-- who_claimed --
-- Who has a case. $1 case
SELECT a.name, c.claimed_at FROM care_case c JOIN account a ON a.id = c.claimed_by WHERE c.id = $1

-- move_case --
-- Another state. $1 case $2 from $3 to $4 escalate at
UPDATE care_case SET state = $3, escalate_at = $4 WHERE id = $1 AND state = $2 RETURNING id

-- watch_case --
-- Look again at another time. $1 case $2 escalate at
UPDATE care_case SET escalate_at = $2 WHERE id = $1

-- resolve_case --
-- Nothing more to do but close. $1 case $2 from $3 now
UPDATE care_case SET state = 'resolved', resolved_at = $3, escalate_at = NULL WHERE id = $1 AND state = $2 RETURNING id

-- reopen_case --
-- Back on the list, unclaimed. $1 case $2 from $3 escalate at
UPDATE care_case SET state = 'raised', claimed_by = NULL, claimed_at = NULL, step = 0, escalate_at = $3, lowered_until = NULL
WHERE id = $1 AND state = $2 RETURNING id

-- close_case --
-- The end. $1 case $2 from $3 account $4 now $5 outcome $6 false alarm
UPDATE care_case SET state = 'closed', closed_by = $3, closed_at = $4, outcome = $5, false_alarm = $6, escalate_at = NULL,
       lowered_until = NULL
WHERE id = $1 AND state = $2 RETURNING id

-- call_off_visits --
-- Nobody need set out to a case that is over, or whom was sent is recalled. $1 case
WITH before AS (SELECT id, state FROM visit WHERE case_id = $1 AND state IN ('wanted', 'offered', 'accepted', 'en_route') FOR UPDATE)
UPDATE visit v SET state = 'cancelled' FROM before b WHERE v.id = b.id
RETURNING v.id, v.district_id, v.case_id, v.elder_id, v.caregiver_id, b.state
