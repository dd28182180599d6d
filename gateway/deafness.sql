-- find_last --
-- When somebody last listened, locked.
SELECT at FROM ingest.listening FOR UPDATE

-- add_span --
-- Nobody listened. $1 from $2 to
INSERT INTO ingest.deaf (from_at, to_at) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- listen --
-- Somebody listens. $1 now
INSERT INTO ingest.listening AS l (at) VALUES ($1) ON CONFLICT (is_only) DO UPDATE SET at = greatest(l.at, excluded.at)

-- list_spans --
-- When nobody listened, and since when nobody does. $1 now $2 least
SELECT from_at, to_at FROM ingest.deaf WHERE from_at < $1
UNION ALL SELECT at, $1 FROM ingest.listening WHERE $1 - at > $2::interval ORDER BY from_at

-- list_between --
-- When nobody listened within a span, whoever asks. $1 since $2 until $3 now $4 least
SELECT from_at, to_at FROM deaf_between($1, $2, $3, $4)

-- drop_spans --
-- Past their retention. $1 before
DELETE FROM ingest.deaf WHERE to_at < $1
