-- record_assessment --
-- A scored form with its first signature; sent twice it is one.
-- $1 id $2 district $3 elder $4 rules $5 items $6 adjustments $7 score $8 grade $9 explanation $10 reason $11 day $12 assessor
-- $13 sealed notes $14 the district's choices $15 informant $16 disputed assessment $17 now
INSERT INTO assessment (id, district_id, elder_id, rules, items, adjustments, score, grade, explanation, reason, assessed_on, assessor_1,
                        notes_sealed, parameters, informant, review_of, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (id) DO NOTHING RETURNING id

-- sign_assessment --
-- The second signature, of somebody else. $1 id $2 assessor $3 now $4 last day of the grade
UPDATE assessment SET assessor_2 = $2, signed_at = $3, valid_to = $4 WHERE id = $1 AND assessor_2 IS NULL AND assessor_1 <> $2
RETURNING id, district_id, elder_id, grade, assessed_on, review_of

-- find_assessment --
-- One assessment. $1 id
SELECT a.id, a.district_id, a.elder_id, e.name AS elder_name, e.gender, e.born_on, a.rules, a.items, a.adjustments, a.score, a.grade,
       a.explanation, a.reason, a.assessed_on, a.assessor_1, a.assessor_2, a.signed_at, a.notes_sealed, a.parameters, a.informant,
       a.review_of, a.valid_to, a.recorded_at, o.name AS first_name, z.name AS second_name
FROM assessment a JOIN elder e ON e.id = a.elder_id JOIN account o ON o.id = a.assessor_1 LEFT JOIN account z ON z.id = a.assessor_2
WHERE a.id = $1

-- list_assessments --
-- Assessments, newest first. $1 elder or null $2 before this id or null $3 most
SELECT a.id, a.elder_id, e.name AS elder_name, a.rules, a.score, a.grade, a.reason, a.assessed_on, a.assessor_1, a.assessor_2,
       a.signed_at, a.informant, a.review_of, a.valid_to
FROM assessment a JOIN elder e ON e.id = a.elder_id
WHERE ($1::uuid IS NULL OR a.elder_id = $1) AND ($2::uuid IS NULL OR a.id < $2) ORDER BY a.id DESC LIMIT $3
