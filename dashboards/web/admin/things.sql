-- list_beds --
-- Beds to choose from.
SELECT b.id, b.label, e.name AS elder_name FROM care_bed b JOIN elder e ON e.id = b.elder_id
WHERE b.ended_on IS NULL ORDER BY b.label, b.id LIMIT 2000
