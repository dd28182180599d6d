-- create_care_bed --
-- Enrol a home as a bed. $1 id $2 district $3 elder $4 home $5 provider $6 label $7 enrolled on
INSERT INTO care_bed (id, district_id, elder_id, home_id, provider_id, label, enrolled_on) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- find_care_bed --
-- One bed with its elder and place. $1 id
SELECT b.id, b.district_id, b.elder_id, b.home_id, b.provider_id, b.label, b.enrolled_on, b.ended_on, h.lat, h.lon
FROM care_bed b JOIN home h ON h.id = b.home_id WHERE b.id = $1

-- list_care_beds --
-- Beds in the order of their ids. $1 after $2 limit
SELECT b.id, b.district_id, b.elder_id, b.home_id, b.provider_id, b.label, b.enrolled_on, b.ended_on, h.lat, h.lon
FROM care_bed b JOIN home h ON h.id = b.home_id WHERE $1::uuid IS NULL OR b.id > $1 ORDER BY b.id LIMIT $2

-- list_by_elder --
-- An elder's beds, the open one first. $1 elder
SELECT b.id, b.district_id, b.elder_id, b.home_id, b.provider_id, b.label, b.enrolled_on, b.ended_on, h.lat, h.lon
FROM care_bed b JOIN home h ON h.id = b.home_id WHERE b.elder_id = $1 ORDER BY b.ended_on DESC NULLS FIRST, b.id

-- end_care_bed --
-- End an enrolment once. $1 id $2 on
UPDATE care_bed SET ended_on = $2 WHERE id = $1 AND ended_on IS NULL RETURNING id
