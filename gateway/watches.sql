-- ensure --
-- A row for everyone who is judged. $1 subjects
INSERT INTO ingest.watch (subject_id, state) SELECT unnest($1::uuid[]), '{"instances": {}}' ON CONFLICT DO NOTHING

-- list_watches --
-- What the rules remember of these, locked in one order. $1 subjects
SELECT subject_id, state::text AS state FROM ingest.watch WHERE subject_id = ANY ($1) ORDER BY subject_id FOR UPDATE

-- save --
-- What the rules remember now. $1 subjects $2 states $3 due
UPDATE ingest.watch w SET state = n.state::json, due_at = n.due
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS n (id, state, due) WHERE w.subject_id = n.id

-- list_due --
-- Whom time alone may raise something for. $1 now $2 most
SELECT subject_id, state::text AS state FROM ingest.watch WHERE due_at <= $1
ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
