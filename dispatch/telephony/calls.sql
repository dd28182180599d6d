-- expect_call --
-- A notice's call or message, before it is asked for; the same token again is the same. $1 id $2 district $3 channel $4 carrier
-- $5 token's hash $6 until when $7 case $8 try $9 account $10 elder $11 family member $12 caregiver $13 number $14 its index $15 now
INSERT INTO phone_call (id, district_id, kind, channel, direction, carrier, token_hash, token_ends_at, case_id, notice_try_id, account_id,
                        elder_id, family_member_id, caregiver_id, number_sealed, number_index, state, queued_at)
VALUES ($1, $2, 'notice', $3, 'out', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'queued', $15)
ON CONFLICT (token_hash) DO NOTHING

-- create_bridge --
-- A call that an operator makes. $1 id $2 district $3 carrier $4 token's hash $5 until when $6 case $7 account $8 elder $9 family member
-- $10 caregiver $11 target $12 number $13 its index $14 now $15 when to ask the carrier $16 recorded
INSERT INTO phone_call (id, district_id, kind, channel, direction, carrier, token_hash, token_ends_at, case_id, account_id, elder_id,
                        family_member_id, caregiver_id, target, number_sealed, number_index, state, queued_at, send_at, is_recorded)
VALUES ($1, $2, 'bridge', 'voice', 'out', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'queued', $14, $15, $16)

-- id_of_token --
-- The call of a token, in the district that is entered. $1 hash
SELECT id FROM phone_call WHERE token_hash = $1

-- of_token --
-- Which call a webhook speaks of, before the district is known. $1 hash $2 now
SELECT id, district_id FROM phone_call_of_token($1, $2)

-- of_number --
-- Whom a number's reply answers, before the district is known. $1 index $2 since
SELECT id, district_id FROM phone_call_of_number($1, $2)

-- lock_call --
-- One call for a change. $1 call
SELECT id, district_id, kind, channel, direction, carrier, carrier_ref, token_ends_at, case_id, notice_try_id, account_id, elder_id,
       family_member_id, caregiver_id, target, number_sealed, state, code, is_permanent, keys, result, queued_at, send_at, sent_at,
       started_at, answered_at, ended_at, seconds, hang_up_at, is_recorded
FROM phone_call WHERE id = $1 FOR NO KEY UPDATE

-- find_call --
-- One call with who made it. $1 call
SELECT c.id, c.district_id, c.kind, c.channel, c.direction, c.carrier, c.case_id, c.account_id, a.name AS account_name, c.elder_id,
       c.family_member_id, c.caregiver_id, c.target, c.state, c.code, c.keys, c.result, c.queued_at, c.started_at, c.answered_at,
       c.ended_at, c.seconds, c.number_sealed, c.notice_try_id
FROM phone_call c LEFT JOIN account a ON a.id = c.account_id WHERE c.id = $1

-- list_of_case --
-- Every call and message of a case, newest first. $1 case
SELECT c.id, c.district_id, c.kind, c.channel, c.direction, c.carrier, c.case_id, c.account_id, a.name AS account_name, c.elder_id,
       c.family_member_id, c.caregiver_id, c.target, c.state, c.code, c.keys, c.result, c.result AS outcome, c.queued_at, c.started_at,
       c.answered_at, c.ended_at, c.seconds, c.number_sealed, c.notice_try_id
FROM phone_call c LEFT JOIN account a ON a.id = c.account_id WHERE c.case_id = $1 ORDER BY c.queued_at DESC, c.id DESC LIMIT 200

-- note_event --
-- A word of the carrier, once. $1 id $2 district $3 call $4 key $5 kind $6 data $7 said $8 now
INSERT INTO phone_event (id, district_id, call_id, key, kind, data, said_at, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (call_id, key) DO NOTHING RETURNING id

-- mark_event --
-- It changed something. $1 event
UPDATE phone_event SET changed = true WHERE id = $1

-- list_events --
-- What the carrier said of a call, as it arrived. $1 call
SELECT key, kind, data, said_at, received_at, changed FROM phone_event WHERE call_id = $1 ORDER BY received_at, id

-- move_call --
-- Farther on. $1 call $2 from $3 to $4 code $5 for good $6 at $7 ended
UPDATE phone_call SET state = $3, code = coalesce($4, code), is_permanent = $5,
       started_at = CASE WHEN $3 IN ('ringing', 'answered') THEN coalesce(started_at, $6) ELSE started_at END,
       answered_at = CASE WHEN $3 = 'answered' THEN coalesce(answered_at, $6) ELSE answered_at END,
       ended_at = CASE WHEN $7 THEN $6 ELSE ended_at END
WHERE id = $1 AND state = $2 RETURNING id

-- set_facts --
-- What is known whatever the state. $1 call $2 the carrier's id or null $3 seconds or null
UPDATE phone_call SET carrier_ref = coalesce(carrier_ref, $2), seconds = coalesce($3, seconds) WHERE id = $1

-- set_keys --
-- What was pressed. $1 call $2 keys
UPDATE phone_call SET keys = $2 WHERE id = $1

-- set_result --
-- What came of it. $1 call $2 result
UPDATE phone_call SET result = $2 WHERE id = $1

-- is_ref_taken --
-- Another call has this id of the carrier. $1 carrier $2 ref $3 call
SELECT EXISTS (SELECT FROM phone_call WHERE carrier = $1 AND carrier_ref = $2 AND id <> $3)

-- list_refs --
-- The carrier's ids of other calls, for whoever looks for a lost one. $1 since
SELECT carrier_ref FROM phone_call WHERE carrier_ref IS NOT NULL AND queued_at >= $1

-- take_due --
-- Take one call that is to be asked for, or ended; nobody else takes it for a while. $1 now $2 not again before
UPDATE phone_call SET send_at = CASE WHEN send_at IS NULL THEN NULL ELSE $2::timestamptz END,
       hang_up_at = CASE WHEN hang_up_at IS NULL THEN NULL ELSE $2::timestamptz END
WHERE id = (SELECT id FROM phone_call WHERE (send_at <= $1 OR hang_up_at <= $1)
            ORDER BY coalesce(hang_up_at, send_at) LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, carrier, carrier_ref, account_id, number_sealed, state, queued_at, send_at IS NOT NULL AS is_to_send,
          hang_up_at IS NOT NULL AS is_to_end

-- end_sending --
-- The carrier was asked. $1 call $2 now
UPDATE phone_call SET send_at = NULL, sent_at = coalesce(sent_at, $2) WHERE id = $1

-- want_hang_up --
-- Somebody hangs up. $1 call $2 now
UPDATE phone_call SET hang_up_at = $2 WHERE id = $1

-- end_hanging_up --
-- The carrier was told to. $1 call
UPDATE phone_call SET hang_up_at = NULL WHERE id = $1

-- find_desk --
-- The phone of a seat, and the own one of the rota, which rings where no seat has one. $1 account
SELECT d.number_sealed AS seat_sealed, a.phone_sealed AS own_sealed FROM account a LEFT JOIN desk_phone d ON d.account_id = a.id WHERE a.id = $1

-- set_desk --
-- The phone of a seat. $1 account $2 district $3 number $4 now
INSERT INTO desk_phone (account_id, district_id, number_sealed, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id) DO UPDATE SET number_sealed = $3, changed_at = $4

-- forget_desk --
-- The seat has no phone of its own. $1 account
DELETE FROM desk_phone WHERE account_id = $1

-- number_of_caregiver --
-- A caregiver's number. $1 caregiver
SELECT phone_sealed FROM caregiver WHERE id = $1 AND ended_at IS NULL

-- number_of_contact --
-- A relative's or neighbour's number, who is bound to the elder. $1 elder $2 member
SELECT m.phone_sealed, b.relation FROM family_bond b JOIN family_member m ON m.id = b.family_member_id
WHERE b.elder_id = $1 AND m.id = $2 AND b.ended_at IS NULL

-- number_of_elder --
-- An elder's number. $1 elder
SELECT phone_sealed FROM elder WHERE id = $1


-- list_forgotten --
-- Joined calls whose end nobody has told us. $1 before
SELECT id, state FROM phone_call WHERE kind = 'bridge' AND carrier <> 'desk' AND state IN ('sent', 'ringing', 'answered')
  AND queued_at < $1 ORDER BY queued_at LIMIT 20
