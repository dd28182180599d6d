-- list_known --
-- Every device in use with its bed, its elder and its district.
SELECT d.id, d.no, d.district_id, d.care_bed_id, b.elder_id, d.thing_model, d.room, d.hub_id, d.ecosystem, d.address
FROM device d LEFT JOIN care_bed b ON b.id = d.care_bed_id AND b.ended_on IS NULL
WHERE d.retired_at IS NULL

-- find_known --
-- One device by its id, else by its address at a hub. $1 id $2 hub $3 ecosystem $4 addresses
SELECT d.id, d.no, d.district_id, d.care_bed_id, b.elder_id, d.thing_model, d.room, d.hub_id, d.ecosystem, d.address
FROM device d LEFT JOIN care_bed b ON b.id = d.care_bed_id AND b.ended_on IS NULL
WHERE d.retired_at IS NULL
  AND (d.id = $1 OR (d.hub_id IS NOT DISTINCT FROM $2 AND d.ecosystem = $3 AND d.address = ANY ($4)))
ORDER BY (d.id = $1) DESC LIMIT 1

-- list_rules --
-- What districts and people change, the more particular and the later last. $1 now
SELECT district_id, elder_id, rule, enabled, params FROM alarm_rule
WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1)
ORDER BY elder_id NULLS FIRST, valid_from, id

-- list_nights --
-- When each district's night is.
SELECT id, settings FROM district

-- list_traced --
-- Devices that somebody listens to. $1 now
SELECT d.no, max(t.ends_at) AS ends_at FROM device_trace t JOIN device d ON d.id = t.device_id WHERE t.ends_at > $1 GROUP BY d.no
