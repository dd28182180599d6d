-- list_devices --
-- Devices in use with whom they watch over, in the order of their ids. $1 after or null $2 most
SELECT d.id, d.thing_model, d.name, d.room, d.ecosystem, d.address, d.created_at, b.label AS care_bed_label, e.name AS elder_name,
       EXISTS (SELECT FROM device_credential k WHERE k.device_id = d.id AND k.revoked_at IS NULL) AS has_credential
FROM device d LEFT JOIN care_bed b ON b.id = d.care_bed_id LEFT JOIN elder e ON e.id = b.elder_id
WHERE d.retired_at IS NULL AND ($1::uuid IS NULL OR d.id > $1) ORDER BY d.id LIMIT $2

-- list_beds --
-- Beds to choose from.
SELECT b.id, b.label, e.name AS elder_name FROM care_bed b JOIN elder e ON e.id = b.elder_id
WHERE b.ended_on IS NULL ORDER BY b.label, b.id LIMIT 2000
