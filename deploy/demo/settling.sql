-- list_entitled --
-- The first persons enrolled and graded by a day, with a caregiver of a provider that has a contract. $1 day $2 most
SELECT n.elder_id, c.id AS caregiver_id, c.provider_id FROM (
  SELECT DISTINCT n.elder_id FROM enrolment n JOIN scheme s ON s.code = n.scheme_code AND s.scale = 'gbt_42195'
  JOIN grade g ON g.elder_id = n.elder_id AND g.scale = s.scale AND g.valid_from <= $1 AND coalesce(g.valid_to, $1) >= $1
  WHERE n.valid_from <= $1 AND n.valid_to IS NULL AND s.effective_from <= $1 AND s.effective_to IS NULL ORDER BY n.elder_id LIMIT $2) n
CROSS JOIN LATERAL (SELECT c.id, c.provider_id FROM caregiver c JOIN contract k ON k.provider_id = c.provider_id JOIN account a ON a.provider_id = c.provider_id
                    ORDER BY c.id LIMIT 1) c
ORDER BY n.elder_id

-- add_visit --
-- A visit of the month before, as it was. $1 id $2 district $3 elder $4 service $5 from $6 to $7 provider $8 caregiver
INSERT INTO visit (id, district_id, elder_id, service, state, window_start, window_end, minutes, provider_id, caregiver_id, wanted_at, started_at, ended_at, record)
VALUES ($1, $2, $3, $4, 'completed', $5, $6, 45, $7, $8, $5, $5, $6, '{}')

-- add_proof --
-- What its proof said. $1 visit $2 district $3 verdict $4 elements $5 witnesses $6 at
INSERT INTO visit_proof (visit_id, district_id, verdict, elements, witnesses, decided_at) VALUES ($1, $2, $3, $4, $5, $6)

-- verify --
-- It is verified. $1 visit
UPDATE visit SET state = 'verified' WHERE id = $1

-- find_contract --
-- The contract of a provider. $1 provider
SELECT id FROM contract WHERE provider_id = $1 ORDER BY valid_from DESC LIMIT 1
