-- start_trace --
-- Listen to a device. $1 id $2 district $3 device $4 account $5 now $6 until
INSERT INTO device_trace (id, district_id, device_id, started_by, started_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)

-- stop_traces --
-- Listen no longer. $1 device $2 now
UPDATE device_trace SET ends_at = $2 WHERE device_id = $1 AND ends_at > $2

-- keep_messages --
-- Keep messages, encrypted. $1 ids $2 device numbers $3 received $4 topics $5 kinds $6 sizes $7 payloads $8 decoded
INSERT INTO ingest.trace_message (id, device_no, received_at, topic, kind, size, payload_sealed, decoded_sealed)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::int[], $7::bytea[], $8::bytea[])

-- list_messages --
-- What a device of the caller's district said while listened to. $1 device $2 most
SELECT id, received_at, topic, kind, size, payload_sealed, decoded_sealed FROM trace_messages_of($1, $2)

-- drop_messages --
-- Messages past their retention. $1 before
DELETE FROM ingest.trace_message WHERE received_at < $1

-- drop_traces --
-- Traces past their retention. $1 before
DELETE FROM device_trace WHERE ends_at < $1
