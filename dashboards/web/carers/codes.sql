-- find_home_of_elder --
-- The home of an elder, for its code. $1 elder
SELECT h.id, h.qr_secret FROM elder e JOIN home h ON h.id = e.home_id WHERE e.id = $1

-- find_home_of_bed --
-- The home of a care bed, for its code. $1 bed
SELECT h.id, h.qr_secret FROM care_bed b JOIN home h ON h.id = b.home_id WHERE b.id = $1
