-- create_device --
-- Register a device. $1 id $2 district $3 bed $4 thing model $5 name $6 room $7 hub $8 ecosystem $9 address $10 now
INSERT INTO device (id, district_id, care_bed_id, thing_model, name, room, hub_id, ecosystem, address, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- create_binding --
-- Begin the history of a device at a bed. $1 id $2 district $3 device $4 bed $5 room $6 now
INSERT INTO device_binding (id, district_id, device_id, care_bed_id, room, bound_at) VALUES ($1, $2, $3, $4, $5, $6)

-- join_test --
-- A device that came to the bed during the test. $1 bed $2 device
INSERT INTO install_check (test_id, device_id, district_id)
SELECT id, $2, district_id FROM install_test WHERE care_bed_id = $1 AND finished_at IS NULL
ON CONFLICT (test_id, device_id) DO NOTHING

-- end_binding --
-- End a device's time at its bed. $1 device $2 now
UPDATE device_binding SET unbound_at = $2 WHERE device_id = $1 AND unbound_at IS NULL

-- bind_device --
-- Put a device at a bed, or at none. $1 device $2 bed $3 room
UPDATE device SET care_bed_id = $2, room = $3 WHERE id = $1 AND retired_at IS NULL RETURNING district_id

-- create_credential --
-- Let a device in under its own id, or give it a new password. $1 user name $2 district $3 device $4 is hub $5 hash $6 now
INSERT INTO device_credential (username, district_id, device_id, is_hub, password_hash, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (username) DO UPDATE SET password_hash = excluded.password_hash, created_at = excluded.created_at, revoked_at = NULL

-- revoke_credential --
-- Shut a device out. $1 device $2 now
UPDATE device_credential SET revoked_at = $2 WHERE device_id = $1 AND revoked_at IS NULL RETURNING username

-- find_device --
-- One device. $1 id
SELECT id, no, district_id, care_bed_id, thing_model, name, room, hub_id, ecosystem, address, created_at, retired_at
FROM device WHERE id = $1

-- list_devices --
-- Devices by bed, elder or hub (each may be null), in the order of their ids. $1 bed $2 elder $3 hub $4 after $5 limit
SELECT d.id, d.no, d.district_id, d.care_bed_id, d.thing_model, d.name, d.room, d.hub_id, d.ecosystem, d.address,
       d.created_at, d.retired_at, b.elder_id
FROM device d LEFT JOIN care_bed b ON b.id = d.care_bed_id
WHERE ($1::uuid IS NULL OR d.care_bed_id = $1) AND ($2::uuid IS NULL OR b.elder_id = $2)
  AND ($3::uuid IS NULL OR d.hub_id = $3) AND ($4::uuid IS NULL OR d.id > $4)
  AND d.retired_at IS NULL
ORDER BY d.id LIMIT $5

-- retire_device --
-- Take a device out of use. $1 id $2 now
UPDATE device SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL RETURNING id

-- find_twin --
-- A device that already has this address at this hub. $1 hub $2 ecosystem $3 address
SELECT id FROM device WHERE hub_id = $1 AND ecosystem = $2 AND address = $3
