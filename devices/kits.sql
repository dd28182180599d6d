-- create_kit --
-- A box of devices. $1 id $2 district $3 serial $4 index of the claim code $5 account $6 now
INSERT INTO kit (id, district_id, serial, claim_index, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (district_id, serial) DO NOTHING RETURNING id

-- find_kit --
-- A box by what is printed on it. $1 serial
SELECT id, district_id, serial, claim_index, care_bed_id, created_at, bound_at FROM kit WHERE serial = $1

-- list_kits --
-- Boxes with what is in them, those in stock first. $1 after or null $2 limit
SELECT k.id, k.serial, k.care_bed_id, b.label AS care_bed_label, k.created_at, k.bound_at,
       (SELECT count(*) FROM device d WHERE d.kit_id = k.id AND d.retired_at IS NULL) AS devices
FROM kit k LEFT JOIN care_bed b ON b.id = k.care_bed_id WHERE $1::uuid IS NULL OR k.id < $1 ORDER BY k.id DESC LIMIT $2

-- list_kit_devices --
-- What is in a box. $1 kit
SELECT id, thing_model, name, room, hub_id, ecosystem, address FROM device WHERE kit_id = $1 AND retired_at IS NULL ORDER BY id

-- put_into_kit --
-- A device belongs to a box. $1 device $2 kit
UPDATE device SET kit_id = $2 WHERE id = $1

-- bind_kit --
-- A box has come to a bed: once. $1 kit $2 bed $3 account $4 now
UPDATE kit SET care_bed_id = $2, bound_by = $3, bound_at = $4 WHERE id = $1 AND care_bed_id IS NULL RETURNING id

-- find_hub_kit --
-- The box that a hub came in. $1 hub
SELECT k.claim_index FROM device d JOIN kit k ON k.id = d.kit_id WHERE d.id = $1
