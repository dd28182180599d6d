-- list_beds --
-- Beds to choose from.
SELECT b.id, b.label, e.name AS elder_name FROM care_bed b JOIN elder e ON e.id = b.elder_id
WHERE b.ended_on IS NULL ORDER BY b.label, b.id LIMIT 2000

-- list_hubs --
-- Hubs with the bed at which they stand. $1 ids
SELECT d.id, d.name, d.care_bed_id, b.label, e.name AS elder_name FROM device d
LEFT JOIN care_bed b ON b.id = d.care_bed_id LEFT JOIN elder e ON e.id = b.elder_id WHERE d.id = ANY ($1::uuid[])
