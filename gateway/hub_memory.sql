-- list_memory --
-- Everything remembered of one hub in one ecosystem. $1 hub $2 ecosystem
SELECT key, data FROM ingest.hub_memory WHERE hub_id = $1 AND ecosystem = $2

-- learn --
-- Remember or renew; what is known already is left alone. $1 hub $2 ecosystem $3 keys $4 data $5 now
INSERT INTO ingest.hub_memory AS m (hub_id, ecosystem, key, data, learned_at)
SELECT $1, $2, said.key, said.data::jsonb, $5 FROM unnest($3::text[], $4::text[]) AS said (key, data)
ORDER BY said.key
ON CONFLICT (hub_id, ecosystem, key) DO UPDATE SET data = excluded.data, learned_at = excluded.learned_at
WHERE m.data IS DISTINCT FROM excluded.data
RETURNING key

-- forget --
-- Forget keys. $1 hub $2 ecosystem $3 keys
DELETE FROM ingest.hub_memory WHERE hub_id = $1 AND ecosystem = $2 AND key = ANY ($3::text[]) RETURNING key

-- ring_memory --
-- Tell the other processes whose memory has changed.
SELECT pg_notify('hub_memory', '')

-- drop_memory --
-- What is remembered of hubs that are out of use.
DELETE FROM ingest.hub_memory m WHERE NOT EXISTS (SELECT FROM device d WHERE d.id = m.hub_id AND d.retired_at IS NULL)
