-- find_place --
-- Where the case is, and whose home it is. $1 case
SELECT h.lat, h.lon, b.provider_id FROM care_case c JOIN elder e ON e.id = c.elder_id LEFT JOIN care_bed b ON b.id = c.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) WHERE c.id = $1
