-- list_providers --
-- Every provider, by name.
SELECT id, name FROM provider ORDER BY name, id LIMIT 500

-- has_provider --
-- Say whether the district has a provider. $1 provider
SELECT EXISTS (SELECT FROM provider WHERE id = $1)

-- find_about --
-- The visit that a complaint is about. $1 visit
SELECT v.id, v.elder_id, v.provider_id, v.service, v.started_at, p.name AS provider FROM visit v LEFT JOIN provider p ON p.id = v.provider_id
WHERE v.id = $1
