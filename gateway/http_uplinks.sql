-- take_message --
-- Keep a hub's message until a gateway handles it. $1 id $2 user name $3 topic below the hub $4 sealed payload $5 now
SELECT http_uplink_taken($1, $2, $3, $4, $5)

-- find_answer --
-- What became of a message, once it is handled. $1 id
SELECT answer, refusal FROM http_uplink_answered($1)

-- next_message --
-- The oldest message that nobody has handled.
SELECT id, topic, payload_sealed, received_at FROM ingest.http_uplink
WHERE handled_at IS NULL ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED

-- lock_message --
-- One message, if nobody else has it or has handled it. $1 id
SELECT id FROM ingest.http_uplink WHERE id = $1 AND handled_at IS NULL FOR UPDATE SKIP LOCKED

-- find_refusal --
-- Why this transaction has put a message among the dead letters. $1 received at $2 topic
SELECT reason FROM ingest.dead_letter
WHERE received_at = $1 AND topic = $2 AND xmin = pg_current_xact_id()::xid ORDER BY id LIMIT 1

-- close_message --
-- A message is handled: its content goes, its answer is there. $1 id $2 now $3 answer $4 refusal
UPDATE ingest.http_uplink SET handled_at = $2, answer = $3, refusal = $4, payload_sealed = NULL WHERE id = $1

-- ring_answer --
-- Wake who waits for an answer.
SELECT pg_notify('http_answer', '')

-- drop_messages --
-- Messages past their retention. $1 before
DELETE FROM ingest.http_uplink WHERE handled_at < $1
