-- find_device --
-- A device with its bed, elder, hub, kit, password, last test, listening and whose place it took. $1 id
SELECT d.id, d.no, d.thing_model, d.name, d.room, d.ecosystem, d.address, d.hub_id, d.created_at, d.retired_at, d.care_bed_id,
       b.label AS care_bed_label, b.elder_id, e.name AS elder_name, r.name AS region_name, k.serial AS kit_serial, h.name AS hub_name,
       c.created_at AS credential_at, c.revoked_at, c.username, d.replaces_id, n.id AS replaced_by_id,
       (SELECT max(t.seen_at) FROM install_check t WHERE t.device_id = d.id) AS tested_at,
       (SELECT count(*) FROM device u WHERE u.hub_id = d.id AND u.retired_at IS NULL) AS children,
       l.started_at AS listening_at, l.ends_at AS listening_ends_at, l.name AS listening_by
FROM device d LEFT JOIN care_bed b ON b.id = d.care_bed_id LEFT JOIN elder e ON e.id = b.elder_id
     LEFT JOIN home o ON o.id = b.home_id LEFT JOIN region r ON r.code = o.region_code LEFT JOIN kit k ON k.id = d.kit_id
     LEFT JOIN device h ON h.id = d.hub_id LEFT JOIN device n ON n.replaces_id = d.id
     LEFT JOIN device_credential c ON c.device_id = d.id
     LEFT JOIN LATERAL (SELECT t.started_at, t.ends_at, a.name FROM device_trace t LEFT JOIN account a ON a.id = t.started_by
                        WHERE t.device_id = d.id ORDER BY t.started_at DESC LIMIT 1) AS l ON true
WHERE d.id = $1 ORDER BY c.revoked_at NULLS FIRST LIMIT 1

-- list_bindings --
-- At which beds it was, the newest first. $1 device
SELECT i.bound_at, i.unbound_at, i.room, b.id AS care_bed_id, b.label, e.name AS elder_name
FROM device_binding i JOIN care_bed b ON b.id = i.care_bed_id JOIN elder e ON e.id = b.elder_id
WHERE i.device_id = $1 ORDER BY i.bound_at DESC LIMIT 20
