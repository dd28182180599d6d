-- find_login --
-- Ask the registry for one credential, before the district is known. $1 user name
SELECT password_hash, device_id, is_hub FROM broker_login($1)

-- create_report --
-- Keep a message on a foreign topic. $1 id $2 now $3 topic $4 user name $5 device $6 reason $7 payload $8 size
INSERT INTO ingest.dead_letter (id, received_at, topic, sender, device_id, district_id, reason, payload_sealed, size)
VALUES ($1, $2, $3, $4, $5, (SELECT district_id FROM device WHERE id = $5), $6, $7, $8)
