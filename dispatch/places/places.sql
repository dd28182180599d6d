-- create_place --
-- A place. $1 id $2 district $3 kind $4 tier $5 name $6 capacity $7 hours $8 kitchen $9 provider $10 parent $11 region $12 address
-- $13 phone $14 lat $15 lon $16 opened $17 closed $18 now
INSERT INTO place (id, district_id, kind, tier, name, capacity, hours, has_kitchen, provider_id, parent_id, region_code, address, phone,
                   lat, lon, opened_on, closed_on, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)

-- change_place --
-- A place as it is now. $1 id, then as above from kind to closed
UPDATE place SET kind = $2, tier = $3, name = $4, capacity = $5, hours = $6, has_kitchen = $7, provider_id = $8, parent_id = $9,
       region_code = $10, address = $11, phone = $12, lat = $13, lon = $14, opened_on = $15, closed_on = $16
WHERE id = $1 RETURNING id

-- find_place --
-- One place. $1 id
SELECT p.*, o.name AS provider_name, u.name AS parent_name, r.name AS region_name FROM place p
LEFT JOIN provider o ON o.id = p.provider_id LEFT JOIN place u ON u.id = p.parent_id LEFT JOIN region r ON r.code = p.region_code
WHERE p.id = $1

-- list_places --
-- Places by id. $1 kind or null $2 provider or null $3 open on a day or null $4 after or null $5 most
SELECT p.*, o.name AS provider_name, u.name AS parent_name, r.name AS region_name FROM place p
LEFT JOIN provider o ON o.id = p.provider_id LEFT JOIN place u ON u.id = p.parent_id LEFT JOIN region r ON r.code = p.region_code
WHERE ($1::text IS NULL OR p.kind = $1) AND ($2::uuid IS NULL OR p.provider_id = $2)
  AND ($3::date IS NULL OR (p.opened_on <= $3 AND (p.closed_on IS NULL OR p.closed_on > $3)))
  AND ($4::uuid IS NULL OR p.id > $4) ORDER BY p.id LIMIT $5

-- list_homes --
-- Where everybody lives who is alive.
SELECT e.id, e.name, e.born_on, e.lives_alone, h.lat, h.lon, h.region_code, r.name AS region_name
FROM elder e JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code WHERE e.died_on IS NULL

-- list_spots --
-- Where places of some kinds are, on a day. $1 kinds $2 day
SELECT id, lat, lon FROM place WHERE kind = ANY($1::text[]) AND opened_on <= $2 AND (closed_on IS NULL OR closed_on > $2) ORDER BY id
