-- find_ref --
-- A call that the carrier told of before. $1 carrier $2 its id
SELECT id FROM phone_call WHERE carrier = $1 AND carrier_ref = $2 AND kind = 'inbound'

-- create_call --
-- Somebody calls us. $1 id $2 district $3 carrier $4 its id $5 token's hash $6 until $7 elder $8 member $9 caregiver $10 number $11 its index $12 now
INSERT INTO phone_call (id, district_id, kind, channel, direction, carrier, carrier_ref, token_hash, token_ends_at, elder_id,
                        family_member_id, caregiver_id, number_sealed, number_index, state, queued_at, started_at)
VALUES ($1, $2, 'inbound', 'voice', 'in', $3, $4, $5, $6, $7, $8, $9, $10, $11, 'ringing', $12, $12)

-- create_inbound --
-- The same call in the queue. $1 id $2 district $3 number $4 its index $5 now $6 operators there
INSERT INTO inbound_call (call_id, district_id, number_sealed, number_index, arrived_at, on_duty) VALUES ($1, $2, $3, $4, $5, $6)

-- list_seen --
-- Operators whose console is open. $1 since
SELECT s.account_id FROM operator_seen s JOIN account a ON a.id = s.account_id
WHERE s.seen_at >= $1 AND a.role IN ('operator', 'duty_manager') AND a.disabled_at IS NULL

-- lock_inbound --
-- One call for a change. $1 call
SELECT call_id, district_id, number_sealed, number_index, arrived_at, on_duty, step, rung_id, rung_over, taken_by, taken_at, connected_at, ended_at,
       reason, case_id, returned_at, missed_by
FROM inbound_call WHERE call_id = $1 FOR NO KEY UPDATE

-- count_round --
-- The caller was told to wait once more, or a duty manager is rung. $1 call $2 manager or null $3 operators there $4 now
UPDATE inbound_call SET step = step + 1, looked_at = $4, rung_id = coalesce(rung_id, $2), on_duty = greatest(on_duty, $3) WHERE call_id = $1

-- end_rung --
-- The duty manager's phone rings no more. $1 call
UPDATE inbound_call SET rung_over = true WHERE call_id = $1 AND rung_id IS NOT NULL

-- take_call --
-- The first who asks has it. $1 call $2 account $3 now
UPDATE inbound_call SET taken_by = $2, taken_at = $3 WHERE call_id = $1 AND taken_by IS NULL AND ended_at IS NULL RETURNING call_id

-- give_back --
-- Who took it did not pick up. $1 call
UPDATE inbound_call SET taken_by = NULL, taken_at = NULL, missed_by = taken_by WHERE call_id = $1 AND connected_at IS NULL AND ended_at IS NULL

-- who_took --
-- Who has a call. $1 call
SELECT a.name FROM inbound_call i JOIN account a ON a.id = i.taken_by WHERE i.call_id = $1

-- connect_call --
-- They speak. $1 call $2 now
WITH spoken AS (UPDATE phone_call SET state = 'answered', answered_at = $2 WHERE id = $1 AND ended_at IS NULL)
UPDATE inbound_call SET connected_at = $2 WHERE call_id = $1

-- return_number --
-- Every missed call of a number is returned. $1 number's index $2 now $3 by or null $4 how $5 call that is not meant, or null
UPDATE inbound_call SET returned_at = $2, returned_by = $3, returned_how = $4
WHERE number_index = $1 AND reason IS NOT NULL AND returned_at IS NULL AND ($5::uuid IS NULL OR call_id <> $5) RETURNING call_id

-- end_call --
-- It is over. $1 call $2 now $3 reason or null
WITH over AS (UPDATE phone_call SET state = CASE WHEN $3::text IS NULL THEN 'ended' ELSE 'no_answer' END, ended_at = $2,
                     seconds = greatest(extract(epoch FROM $2::timestamptz - coalesce(answered_at, $2))::int, 0)
              WHERE id = $1 AND ended_at IS NULL)
UPDATE inbound_call SET ended_at = $2, reason = $3 WHERE call_id = $1 AND ended_at IS NULL

-- find_inbound --
-- One call with names. $1 call
SELECT i.*, c.elder_id, c.family_member_id, t.name AS taken_name, r.name AS returned_name, c.carrier, c.state, c.recording_id,
       coalesce(i.connected_at, i.ended_at) - i.arrived_at AS waited
FROM inbound_call i JOIN phone_call c ON c.id = i.call_id
LEFT JOIN account t ON t.id = i.taken_by LEFT JOIN account r ON r.id = i.returned_by WHERE i.call_id = $1

-- list_ringing --
-- Calls that go on, who waits longest first.
SELECT i.call_id, i.arrived_at, i.taken_by, i.taken_at, i.connected_at, i.number_sealed, i.number_index, i.case_id, t.name AS taken_name,
       (SELECT string_agg(DISTINCT coalesce(e.name, m.name, g.name, a.name), ', ') FROM caller_number n
        LEFT JOIN elder e ON e.id = n.subject_id LEFT JOIN family_member m ON m.id = n.subject_id
        LEFT JOIN caregiver g ON g.id = n.subject_id LEFT JOIN account a ON a.id = n.subject_id
        WHERE n.number_index = i.number_index) AS names
FROM inbound_call i LEFT JOIN account t ON t.id = i.taken_by WHERE i.ended_at IS NULL
ORDER BY i.taken_by IS NOT NULL, i.arrived_at, i.call_id LIMIT 50

-- list_inbound --
-- Calls to us, newest first. $1 missed, not, or null $2 after or null $3 most
SELECT i.call_id, i.call_id AS id, i.arrived_at, i.taken_by, i.taken_at, i.connected_at, i.ended_at, i.reason, i.case_id, i.tries,
       i.returned_at, i.returned_how, i.number_sealed, c.elder_id, c.state, c.seconds, c.recording_id, t.name AS taken_name,
       r.name AS returned_name, e.name AS elder_name, m.name AS member_name, g.name AS caregiver_name,
       coalesce(i.connected_at, i.ended_at) - i.arrived_at AS waited
FROM inbound_call i JOIN phone_call c ON c.id = i.call_id
LEFT JOIN account t ON t.id = i.taken_by LEFT JOIN account r ON r.id = i.returned_by
LEFT JOIN elder e ON e.id = c.elder_id LEFT JOIN family_member m ON m.id = c.family_member_id LEFT JOIN caregiver g ON g.id = c.caregiver_id
WHERE ($1::bool IS NULL OR (i.reason IS NOT NULL) = $1) AND ($2::uuid IS NULL OR i.call_id < $2) ORDER BY i.call_id DESC LIMIT $3

-- list_gone --
-- Callers of whom the carrier says nothing more: nobody speaks to them, nobody asks for them. $1 looked at before $2 connected before $3 most
SELECT call_id, connected_at, coalesce(looked_at, arrived_at) AS looked_at FROM inbound_call
WHERE ended_at IS NULL AND (connected_at < $2 OR connected_at IS NULL AND coalesce(looked_at, arrived_at) < $1)
ORDER BY arrived_at LIMIT $3
