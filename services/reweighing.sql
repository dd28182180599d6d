-- find_claimed --
-- A visit whose claim is still in a draft: its facts as of now, and what the claim says. $1 visit
SELECT v.id, v.district_id, v.elder_id, v.provider_id, v.caregiver_id, v.service, v.funding, v.started_at, v.ended_at, v.record,
       p.verdict, p.elements, p.witnesses, e.category, e.died_on, c.id AS claim_id, c.statement_id, c.entitlement_id, c.flags, c.units,
       c.service_on, c.started_at AS claimed_from
FROM claim c JOIN statement s ON s.id = c.statement_id JOIN elder e ON e.id = c.elder_id JOIN visit v ON v.id = c.visit_id
JOIN visit_proof p ON p.visit_id = c.visit_id
WHERE c.visit_id = $1 AND s.state = 'draft' FOR NO KEY UPDATE OF c FOR SHARE OF s

-- flag_claim --
-- What is doubtful about a claim. $1 id $2 flags
UPDATE claim SET flags = $2 WHERE id = $1 AND flags <> $2

-- correct_claim --
-- A draft's claim after its visit was corrected. $1 id $2 statement $3 day $4 month $5 units $6 unit $7 price $8 amount $9 subsidy
-- $10 copay $11 grade $12 scheme $13 entitlement $14 explanation $15 flags $16 started
UPDATE claim SET statement_id = $2, service_on = $3, month = $4, units = $5, unit = $6, unit_price = $7, amount = $8, subsidy = $9,
                 copay = $10, grade = $11, scheme_id = $12, entitlement_id = $13, explanation = $14, flags = $15, started_at = $16,
                 approved = CASE WHEN approved > $9 THEN $9 ELSE approved END
WHERE id = $1

-- find_month --
-- The month of an entitlement. $1 id
SELECT elder_id, scheme_id, month FROM entitlement WHERE id = $1
