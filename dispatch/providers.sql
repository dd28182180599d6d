-- create_provider --
-- A provider. $1 id $2 district $3 name $4 phone $5 now
INSERT INTO provider (id, district_id, name, phone_sealed, created_at) VALUES ($1, $2, $3, $4, $5)

-- find_provider --
-- One provider. $1 id
SELECT id, district_id, name, phone_sealed, mode, created_at, ended_at FROM provider WHERE id = $1

-- list_providers --
-- Providers by id. $1 after or null $2 most
SELECT id, district_id, name, phone_sealed, mode, created_at, ended_at FROM provider
WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2

-- set_mode --
-- How its visits find their caregiver. $1 provider $2 mode
UPDATE provider SET mode = $2 WHERE id = $1 RETURNING id
