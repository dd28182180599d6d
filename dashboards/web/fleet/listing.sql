-- list_devices --
-- Devices with bed, elder, community, kit, password and last test. $1 ids
SELECT d.id, d.thing_model, d.name, d.room, d.ecosystem, d.address, d.hub_id, d.created_at, d.care_bed_id, b.label AS care_bed_label,
       b.elder_id, e.name AS elder_name, r.name AS region_name, k.serial AS kit_serial,
       EXISTS (SELECT FROM device_credential c WHERE c.device_id = d.id AND c.revoked_at IS NULL) AS has_credential,
       (SELECT max(t.seen_at) FROM install_check t WHERE t.device_id = d.id) AS tested_at
FROM device d LEFT JOIN care_bed b ON b.id = d.care_bed_id LEFT JOIN elder e ON e.id = b.elder_id
     LEFT JOIN home h ON h.id = b.home_id LEFT JOIN region r ON r.code = h.region_code LEFT JOIN kit k ON k.id = d.kit_id
WHERE d.id = ANY ($1::uuid[])
