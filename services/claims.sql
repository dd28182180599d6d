-- list_claims --
-- Claims, newest visit last. $1 visit $2 month $3 elder $4 statement $5 provider $6 after this id $7 most; null: any
SELECT c.id, c.visit_id, c.statement_id, c.elder_id, e.name AS elder_name, c.provider_id, p.name AS provider, c.service,
       c.service_on, c.month, c.units, c.unit, c.unit_price, c.amount, c.subsidy, c.copay, c.grade, c.scheme_id,
       s.code AS scheme, s.version AS scheme_version, s.name AS scheme_name, c.entitlement_id, c.explanation, c.flags,
       c.state, c.approved, c.rejections, c.started_at, c.created_at, t.state AS statement_state, v.caregiver_id, v.case_id
FROM claim c
JOIN statement t ON t.id = c.statement_id
JOIN elder e ON e.id = c.elder_id
JOIN provider p ON p.id = c.provider_id
JOIN visit v ON v.id = c.visit_id
LEFT JOIN scheme s ON s.id = c.scheme_id
WHERE ($1::uuid IS NULL OR c.visit_id = $1) AND ($2::date IS NULL OR c.month = $2) AND ($3::uuid IS NULL OR c.elder_id = $3)
  AND ($4::uuid IS NULL OR c.statement_id = $4) AND ($5::uuid IS NULL OR c.provider_id = $5)
  AND ($6::uuid IS NULL OR c.id > $6)
ORDER BY c.id LIMIT $7

-- find_claim --
-- One claim. $1 id
SELECT c.id, c.visit_id, c.statement_id, c.elder_id, e.name AS elder_name, c.provider_id, p.name AS provider, c.service,
       c.service_on, c.month, c.units, c.unit, c.unit_price, c.amount, c.subsidy, c.copay, c.grade, c.scheme_id,
       s.code AS scheme, s.version AS scheme_version, s.name AS scheme_name, c.entitlement_id, c.explanation, c.flags,
       c.state, c.approved, c.rejections, c.started_at, c.created_at, t.state AS statement_state, v.caregiver_id, v.case_id
FROM claim c
JOIN statement t ON t.id = c.statement_id
JOIN elder e ON e.id = c.elder_id
JOIN provider p ON p.id = c.provider_id
JOIN visit v ON v.id = c.visit_id
LEFT JOIN scheme s ON s.id = c.scheme_id
WHERE c.id = $1

-- list_unpriced --
-- Verified visits that could not be priced, and why. $1 after this visit or null $2 most
SELECT u.visit_id, u.code, u.detail, u.noticed_at, u.next_try_at, v.elder_id, e.name AS elder_name, v.service, v.started_at,
       v.provider_id, p.name AS provider
FROM unpriced_visit u JOIN visit v ON v.id = u.visit_id JOIN elder e ON e.id = v.elder_id
LEFT JOIN provider p ON p.id = v.provider_id
WHERE u.code <> 'new' AND ($1::uuid IS NULL OR u.visit_id > $1) ORDER BY u.visit_id LIMIT $2

-- take_due --
-- Take one verified visit that waits for its price; another worker's is passed over. $1 now
SELECT visit_id FROM unpriced_visit WHERE next_try_at <= $1 ORDER BY next_try_at, visit_id LIMIT 1 FOR UPDATE SKIP LOCKED

-- take_one --
-- Take this visit if it waits; another worker's is passed over. $1 visit
SELECT visit_id FROM unpriced_visit WHERE visit_id = $1 FOR UPDATE SKIP LOCKED

-- postpone --
-- It cannot be priced yet: say what is missing, try again later. $1 visit $2 code $3 detail $4 next try
UPDATE unpriced_visit SET code = $2, detail = $3, next_try_at = $4 WHERE visit_id = $1

-- retry_all --
-- Something that may have been missing has come: try the district's waiting visits at once.
UPDATE unpriced_visit SET next_try_at = 'epoch' WHERE code <> 'new'

-- drop_waiting --
-- It had its claim already. $1 visit
DELETE FROM unpriced_visit WHERE visit_id = $1
