-- list_beds --
-- Care beds of a district with a device. $1 district
SELECT DISTINCT b.id, b.elder_id FROM care_bed b JOIN device d ON d.care_bed_id = b.id
WHERE b.district_id = $1 AND b.ended_on IS NULL AND d.retired_at IS NULL ORDER BY b.id

-- list_devices --
-- Devices at a bed now. $1 care bed
SELECT d.id, d.no, d.district_id, d.care_bed_id, b.elder_id, d.thing_model, d.room, d.hub_id, d.ecosystem, d.address
FROM device d JOIN care_bed b ON b.id = d.care_bed_id WHERE d.care_bed_id = $1 AND d.retired_at IS NULL

-- list_readings --
-- What devices said, in the order in which it happened. $1 device numbers $2 metrics $3 since $4 until
SELECT r.device_no, r.observed_at, m.name, r.value
FROM unnest($1::bigint[]) AS d (no), ingest.metric m, LATERAL (
  SELECT device_no, observed_at, value FROM ingest.reading
  WHERE device_no = d.no AND metric = m.id AND observed_at >= $3 AND observed_at < $4) AS r
WHERE m.name = ANY ($2::text[]) ORDER BY r.observed_at, r.device_no, m.name

-- find_elder --
-- Whose bed it is. $1 care bed
SELECT elder_id FROM care_bed WHERE id = $1
