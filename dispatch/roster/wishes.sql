-- lock_elder --
-- Whose wishes are changed; two changes follow each other. $1 elder
SELECT id, district_id FROM elder WHERE id = $1 FOR NO KEY UPDATE

-- list_in_force --
-- Wishes of an elder that hold on a day or later. $1 elder $2 day
SELECT kind, caregiver_id, value, is_hard FROM elder_wish WHERE elder_id = $1 AND (ended_on IS NULL OR ended_on > $2) ORDER BY id

-- list_genders --
-- The gender of caregivers. $1 ids
SELECT id, gender FROM caregiver WHERE id = ANY ($1::uuid[])

-- note_wish --
-- A wish. $1 id $2 district $3 elder $4 kind $5 caregiver $6 value $7 hard $8 wished by $9 noted by $10 since $11 now
INSERT INTO elder_wish (id, district_id, elder_id, kind, caregiver_id, value, is_hard, wished_by, noted_by, since, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- end_wish --
-- A wish holds no longer from a day on. $1 id $2 day
UPDATE elder_wish SET ended_on = $2 WHERE id = $1 AND ended_on IS NULL RETURNING id

-- find_wish --
-- One wish. $1 id
SELECT w.id, w.elder_id, e.name AS elder_name, w.kind, w.caregiver_id, c.name AS caregiver_name, w.value, w.is_hard, w.wished_by,
       w.since, w.ended_on
FROM elder_wish w JOIN elder e ON e.id = w.elder_id LEFT JOIN caregiver c ON c.id = w.caregiver_id WHERE w.id = $1

-- list_wishes --
-- Wishes in force, the latest first. $1 elders or null $2 after or null $3 most $4 a provider that visits them, or null
SELECT w.id, w.elder_id, e.name AS elder_name, w.kind, w.caregiver_id, c.name AS caregiver_name, w.value, w.is_hard, w.wished_by,
       w.since, w.ended_on
FROM elder_wish w JOIN elder e ON e.id = w.elder_id LEFT JOIN caregiver c ON c.id = w.caregiver_id
WHERE w.ended_on IS NULL AND ($1::uuid[] IS NULL OR w.elder_id = ANY ($1)) AND ($2::uuid IS NULL OR w.id < $2)
  AND ($4::uuid IS NULL OR EXISTS (SELECT FROM visit t WHERE t.elder_id = w.elder_id AND t.provider_id = $4))
ORDER BY w.id DESC LIMIT $3

-- is_served --
-- Has a provider been asked to visit an elder? $1 elder $2 provider
SELECT EXISTS (SELECT FROM visit WHERE elder_id = $1 AND provider_id = $2)

-- list_elders --
-- The living, or those whom a provider visits. $1 provider or null
SELECT e.id, e.name FROM elder e
WHERE e.died_on IS NULL AND ($1::uuid IS NULL OR EXISTS (SELECT FROM visit v WHERE v.elder_id = e.id AND v.provider_id = $1))
ORDER BY e.name, e.id LIMIT 2000
