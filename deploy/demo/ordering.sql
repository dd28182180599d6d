-- find_family --
-- The first relative who may log in, with the elder whom they see to first and that elder's bed. $1 logins of the district
SELECT a.id, a.name, a.family_member_id, b.elder_id, c.provider_id, h.lat, h.lon FROM account a
JOIN family_bond b ON b.family_member_id = a.family_member_id AND b.priority = 1 AND b.ended_at IS NULL
JOIN care_bed c ON c.elder_id = b.elder_id AND c.ended_on IS NULL JOIN home h ON h.id = c.home_id
WHERE a.role = 'family' AND a.login LIKE $1 ORDER BY a.login LIMIT 1

-- find_carer --
-- A caregiver of a provider who may log in. $1 provider $2 logins of the district
SELECT a.id, a.name, a.caregiver_id FROM account a JOIN caregiver g ON g.id = a.caregiver_id
WHERE g.provider_id = $1 AND g.ended_at IS NULL AND a.login LIKE $2 ORDER BY a.login LIMIT 1
