-- record_messages --
-- Remember messages; the command tag says how many are new. $1 device numbers $2 message keys $3 now
INSERT INTO ingest.inbox (device_no, message_id, received_at)
SELECT device_no, message_id, $3 FROM unnest($1::bigint[], $2::uuid[]) AS m (device_no, message_id) ON CONFLICT DO NOTHING

-- find_older --
-- Which of these were there before this transaction. $1 device numbers $2 message keys
SELECT i.device_no, i.message_id FROM unnest($1::bigint[], $2::uuid[]) AS m (device_no, message_id)
JOIN ingest.inbox i USING (device_no, message_id) WHERE i.xmin <> pg_current_xact_id()::xid

-- drop_inbox --
-- Ids past their retention. $1 before
DELETE FROM ingest.inbox WHERE received_at < $1
