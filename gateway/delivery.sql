-- list_places --
-- Where devices in use are told something, and whether they (or the hub that speaks for them) are there. $1 devices
SELECT d.id, d.hub_id, d.ecosystem, d.address, coalesce(s.is_online AND s.silent_since IS NULL, false) AS is_online
FROM device d LEFT JOIN device h ON h.id = d.hub_id
LEFT JOIN ingest.device_state s ON s.device_no = coalesce(h.no, d.no)
WHERE d.id = ANY ($1::uuid[]) AND d.retired_at IS NULL
