-- list_devices --
-- What stands at a bed, with its last test. $1 bed
SELECT d.id, d.thing_model, d.name, d.room, d.hub_id, d.ecosystem, d.address, d.created_at, d.replaces_id,
       (SELECT max(c.seen_at) FROM install_check c WHERE c.device_id = d.id) AS last_test_at
FROM device d WHERE d.care_bed_id = $1 AND d.retired_at IS NULL ORDER BY d.room NULLS LAST, d.id

-- find_bed --
-- A bed, whose it is and where. $1 id
SELECT b.id, b.label, b.ended_on, e.id AS elder_id, e.name AS elder_name, r.name AS region_name, k.serial
FROM care_bed b JOIN elder e ON e.id = b.elder_id JOIN home h ON h.id = b.home_id
LEFT JOIN region r ON r.code = h.region_code
LEFT JOIN LATERAL (SELECT serial FROM kit WHERE care_bed_id = b.id ORDER BY bound_at DESC LIMIT 1) k ON true
WHERE b.id = $1

-- list_alarms --
-- Alarms that devices raised since one of them was armed. $1 devices $2 since
SELECT device_id, type, received_at FROM alarm
WHERE device_id = ANY ($1::uuid[]) AND received_at >= $2 AND NOT historical ORDER BY received_at
