-- record_assessment --
-- A scored form with its first signature.
-- $1 id $2 district $3 elder $4 rules $5 items $6 adjustments $7 score $8 grade $9 explanation $10 reason $11 day $12 assessor
INSERT INTO assessment (id, district_id, elder_id, rules, items, adjustments, score, grade, explanation, reason, assessed_on, assessor_1)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- sign_assessment --
-- The second signature, of somebody else. $1 id $2 assessor $3 now
UPDATE assessment SET assessor_2 = $2, signed_at = $3 WHERE id = $1 AND assessor_2 IS NULL AND assessor_1 <> $2
RETURNING id, district_id, elder_id, grade, assessed_on

-- find_assessment --
-- One assessment. $1 id
SELECT a.id, a.district_id, a.elder_id, e.name AS elder_name, a.rules, a.items, a.adjustments, a.score, a.grade, a.explanation,
       a.reason, a.assessed_on, a.assessor_1, a.assessor_2, a.signed_at
FROM assessment a JOIN elder e ON e.id = a.elder_id WHERE a.id = $1

-- list_assessments --
-- Assessments, newest first. $1 elder or null $2 before this id or null $3 most
SELECT a.id, a.elder_id, e.name AS elder_name, a.rules, a.score, a.grade, a.reason, a.assessed_on, a.assessor_1, a.assessor_2,
       a.signed_at
FROM assessment a JOIN elder e ON e.id = a.elder_id
WHERE ($1::uuid IS NULL OR a.elder_id = $1) AND ($2::uuid IS NULL OR a.id < $2) ORDER BY a.id DESC LIMIT $3
