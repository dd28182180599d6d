-- meet --
-- See a stranger, first time or again, while its hub has room. $1 id $2 hub $3 district $4 ecosystem $5 address $6 model
-- $7 now $8 times $9 most of one hub
INSERT INTO ingest.unknown_device AS u (id, hub_id, district_id, ecosystem, address, model, first_seen_at, last_seen_at, times)
SELECT $1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::timestamptz, $7, $8::bigint
WHERE (SELECT count(*) FROM ingest.unknown_device o WHERE o.hub_id IS NOT DISTINCT FROM $2) < $9
   OR EXISTS (SELECT FROM ingest.unknown_device o
              WHERE o.hub_id IS NOT DISTINCT FROM $2 AND o.ecosystem = $4 AND o.address = $5)
ON CONFLICT (hub_id, ecosystem, address) DO UPDATE SET last_seen_at = greatest(u.last_seen_at, $7), times = u.times + $8,
  model = coalesce(excluded.model, u.model), adopted_at = NULL
RETURNING id, (xmax = 0) AS is_new

-- list_unknown --
-- Strangers at the hubs of the caller's district. $1 after $2 limit
SELECT * FROM unknown_devices_listed($1, $2)

-- adopt --
-- A stranger has become a device. $1 id $2 device $3 now
SELECT unknown_device_adopted($1, $2, $3)

-- drop_unknown --
-- Strangers past their retention. $1 before
DELETE FROM ingest.unknown_device WHERE last_seen_at < $1
