-- list_providers --
-- Providers whose claims may be drawn from.
SELECT id, name FROM provider ORDER BY name, id

-- has_provider --
-- Is it a provider of this district? $1 id
SELECT EXISTS (SELECT FROM provider WHERE id = $1)
