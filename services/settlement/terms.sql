-- set_terms --
-- What a contract promises beside its prices. $1 contract $2 district $3 response minutes $4 late penalty $5 hours most $6 hours least
-- $7 penalty an hour $8 minutes two visits may overlap $9 account $10 now
INSERT INTO contract_term (contract_id, district_id, response_minutes, late_penalty, hours_most, hours_least, hours_penalty, overlap_minutes, set_by, set_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (contract_id) DO UPDATE SET response_minutes = excluded.response_minutes, late_penalty = excluded.late_penalty, hours_most = excluded.hours_most,
  hours_least = excluded.hours_least, hours_penalty = excluded.hours_penalty, overlap_minutes = excluded.overlap_minutes, set_by = excluded.set_by, set_at = excluded.set_at

-- find_contract --
-- A contract's district. $1 contract
SELECT id, district_id, number FROM contract WHERE id = $1

-- list_terms --
-- Every contract with its terms. $1 provider or null
SELECT c.id, c.provider_id, p.name AS provider, c.number, c.valid_from, c.valid_to, t.response_minutes, t.late_penalty, t.hours_most, t.hours_least,
       t.hours_penalty, t.overlap_minutes, t.set_at, a.name AS set_by_name
FROM contract c JOIN provider p ON p.id = c.provider_id LEFT JOIN contract_term t ON t.contract_id = c.id LEFT JOIN account a ON a.id = t.set_by
WHERE $1::uuid IS NULL OR c.provider_id = $1 ORDER BY p.name, c.valid_from DESC, c.number
