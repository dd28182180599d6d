-- find_home --
-- The home of a visit, for its codes. $1 visit
SELECT h.id, h.qr_secret FROM visit v JOIN elder e ON e.id = v.elder_id LEFT JOIN care_bed b ON b.id = v.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) WHERE v.id = $1
