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
