-- forget_unpriced --
-- It has its claim. $1 visit
DELETE FROM unpriced_visit WHERE visit_id = $1

-- find_facts --
-- What a verified visit's price hangs on. $1 visit
SELECT v.id, v.district_id, v.elder_id, v.provider_id, v.caregiver_id, v.service, v.funding, v.started_at, v.ended_at, v.record,
       p.verdict, p.elements, p.witnesses, e.category, e.died_on
FROM visit v JOIN elder e ON e.id = v.elder_id LEFT JOIN visit_proof p ON p.visit_id = v.id
WHERE v.id = $1 AND v.state = 'verified' AND NOT EXISTS (SELECT FROM claim c WHERE c.visit_id = v.id)

-- is_absent --
-- Say whether the person was in hospital, on holiday or in an institution. $1 elder $2 day
SELECT kind FROM absence WHERE elder_id = $1 AND starts_on < $2 AND (ends_on IS NULL OR ends_on > $2) LIMIT 1

-- create_claim --
-- A priced visit. $1 id $2 district $3 visit $4 statement $5 elder $6 provider $7 service $8 day $9 month $10 units $11 unit
-- $12 price $13 amount $14 subsidy $15 copay $16 grade $17 scheme $18 entitlement $19 explanation $20 flags $21 started $22 now
INSERT INTO claim (id, district_id, visit_id, statement_id, elder_id, provider_id, service, service_on, month, units, unit,
                   unit_price, amount, subsidy, copay, grade, scheme_id, entitlement_id, explanation, flags, started_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)

-- list_open_lines --
-- The claims of an entitlement that may still change; their statements stay drafts until the commit. $1 entitlement
SELECT c.id, c.visit_id, c.started_at, c.service_on, c.service, c.unit_price, c.units, c.subsidy, c.grade, c.explanation, c.flags
FROM claim c JOIN statement s ON s.id = c.statement_id WHERE c.entitlement_id = $1 AND s.state = 'draft'
ORDER BY c.started_at, c.visit_id FOR SHARE OF s

-- sum_closed --
-- What claims in statements that are no longer drafts have used. $1 entitlement
SELECT coalesce(sum(c.subsidy), 0) FROM claim c JOIN statement s ON s.id = c.statement_id
WHERE c.entitlement_id = $1 AND s.state <> 'draft'

-- find_doubts --
-- The claim of a visit, still in a draft, and what its proof says now. $1 visit
SELECT c.id, c.district_id, c.visit_id, c.statement_id, c.elder_id, c.service_on, c.flags, p.verdict, p.elements, p.witnesses,
       e.died_on
FROM claim c JOIN statement s ON s.id = c.statement_id JOIN elder e ON e.id = c.elder_id
JOIN visit_proof p ON p.visit_id = c.visit_id
WHERE c.visit_id = $1 AND s.state = 'draft' FOR NO KEY UPDATE OF c FOR SHARE OF s

-- flag_claim --
-- What is doubtful about a claim. $1 id $2 flags
UPDATE claim SET flags = $2 WHERE id = $1 AND flags <> $2

-- change_claim --
-- A draft's claim priced anew. $1 id $2 subsidy $3 copay $4 grade $5 explanation $6 flags
UPDATE claim SET subsidy = $2, copay = $3, grade = $4, explanation = $5, flags = $6 WHERE id = $1
