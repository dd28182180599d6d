-- create_home --
-- A home. $1 id $2 district $3 region $4 address $5 access $6 lat $7 lon $8 secret $9 now
INSERT INTO home (id, district_id, region_code, address_sealed, access_sealed, lat, lon, qr_secret, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- create_elder --
-- An elder. $1 id $2 district $3 home $4 name $5 gender $6 born $7 number $8 its index $9 phone $10 languages $11 alone $12 category $13 conditions $14 now
INSERT INTO elder (id, district_id, home_id, name, gender, born_on, id_number_sealed, id_number_index, phone_sealed, languages,
                   lives_alone, category, conditions, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

-- create_family_member --
-- A family member. $1 id $2 district $3 name $4 phone $5 its index $6 now
INSERT INTO family_member (id, district_id, name, phone_sealed, phone_index, created_at) VALUES ($1, $2, $3, $4, $5, $6)

-- create_bond --
-- A family member's tie to an elder, new or again. $1 district $2 elder $3 member $4 relation $5 priority $6 consented $7 rights
INSERT INTO family_bond (district_id, elder_id, family_member_id, relation, priority, consented_at, rights) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (elder_id, family_member_id) DO UPDATE SET relation = $4, priority = $5, consented_at = $6, rights = $7, ended_at = NULL

-- set_rights --
-- A bond's rights. $1 elder $2 member $3 rights
UPDATE family_bond SET rights = $3 WHERE elder_id = $1 AND family_member_id = $2 AND ended_at IS NULL RETURNING elder_id

-- end_bond --
-- One bond ends. $1 elder $2 member $3 now
UPDATE family_bond SET ended_at = $3 WHERE elder_id = $1 AND family_member_id = $2 AND ended_at IS NULL RETURNING elder_id

-- find_bond_end --
-- When a bond was ended. $1 elder $2 member
SELECT ended_at FROM family_bond WHERE elder_id = $1 AND family_member_id = $2

-- set_phone --
-- A relative's number. $1 member $2 sealed $3 its index
UPDATE family_member SET phone_sealed = $2, phone_index = $3 WHERE id = $1

-- list_with_phone --
-- The district's relatives who have a number, the oldest record first. $1 index
SELECT m.id, m.name, a.id AS account_id FROM family_member m
LEFT JOIN account a ON a.family_member_id = m.id AND a.role = 'family' AND a.disabled_at IS NULL
WHERE m.phone_index = $1 ORDER BY m.created_at, m.id

-- find_elder --
-- One elder with the home. $1 id
SELECT e.id, e.district_id, e.home_id, e.name, e.gender, e.born_on, e.languages, e.lives_alone, e.category, e.conditions, e.died_on,
       e.created_at, e.id_number_sealed, e.phone_sealed, h.address_sealed, h.access_sealed, h.lat, h.lon, h.region_code,
       r.name AS region_name
FROM elder e JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code WHERE e.id = $1

-- list_elders --
-- Elders by id. $1 after or null $2 most
SELECT e.id, e.district_id, e.home_id, e.name, e.gender, e.born_on, e.languages, e.lives_alone, e.category, e.conditions, e.died_on,
       e.created_at, e.phone_sealed, h.lat, h.lon, h.region_code, r.name AS region_name
FROM elder e JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
WHERE ($1::uuid IS NULL OR e.id > $1) ORDER BY e.id LIMIT $2

-- list_elders_of_family --
-- A family member's own elders. $1 member
SELECT e.id, e.district_id, e.home_id, e.name, e.gender, e.born_on, e.languages, e.lives_alone, e.category, e.conditions, e.died_on,
       e.created_at, e.phone_sealed, h.lat, h.lon, h.region_code, r.name AS region_name, b.relation, b.rights, b.can_decide,
       (SELECT coalesce(array_agg(c.item), '{}') FROM consent c WHERE c.elder_id = e.id AND c.withdrawn_at IS NULL) AS consents
FROM family_bond b JOIN elder e ON e.id = b.elder_id JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
WHERE b.family_member_id = $1 AND b.consented_at IS NOT NULL AND b.ended_at IS NULL ORDER BY e.id

-- list_contacts --
-- Whom to call. $1 elder
SELECT m.id, m.name, m.phone_sealed, b.relation, b.priority, b.consented_at, b.rights, b.can_decide FROM family_bond b
JOIN family_member m ON m.id = b.family_member_id WHERE b.elder_id = $1 AND b.ended_at IS NULL ORDER BY b.priority, m.id

-- find_family_member --
-- One family member. $1 id
SELECT id, name, phone_sealed, reach_said_at FROM family_member WHERE id = $1

-- say_reach --
-- A relative has said how they may be reached. $1 member $2 now
UPDATE family_member SET reach_said_at = $2 WHERE id = $1

-- end_bonds --
-- An elder's bonds end. $1 elder $2 now
UPDATE family_bond SET ended_at = $2 WHERE elder_id = $1 AND ended_at IS NULL RETURNING family_member_id

-- renew_bonds --
-- They were ended by mistake. $1 elder $2 when they were ended
UPDATE family_bond SET ended_at = NULL WHERE elder_id = $1 AND ended_at = $2
