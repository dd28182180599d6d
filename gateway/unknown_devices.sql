-- meet --
-- See a stranger: first time or again. $1 id $2 hub $3 district $4 ecosystem $5 address $6 model $7 now $8 times
INSERT INTO ingest.unknown_device AS u (id, hub_id, district_id, ecosystem, address, model, first_seen_at, last_seen_at, times)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)
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
