-- what_is_seen --
-- What is committed now: taken before the credentials are read, so that it never says too much.
SELECT pg_current_snapshot()::text

-- record_copy --
-- A broker has read the credentials as they were then. $1 broker $2 seen $3 now
INSERT INTO broker_copy (broker, seen, at) VALUES ($1, $2::text::pg_snapshot, $3)
ON CONFLICT (broker) DO UPDATE SET seen = excluded.seen, at = excluded.at

-- which_transaction --
-- The number of this transaction, by which brokers can be asked for it later.
SELECT pg_current_xact_id()::text

-- list_behind --
-- Brokers that keep a copy and have not read what a transaction changed. $1 transaction $2 alive since
SELECT broker FROM broker_copy WHERE at >= $2 AND NOT pg_visible_in_snapshot($1::text::xid8, seen) ORDER BY broker
