-- keep_signature --
-- A drawn signature, once. $1 assessment $2 position $3 district $4 account $5 sealed path $6 statement $7 digest $8 intact $9 on the first's tablet $10 signed $11 received
INSERT INTO assessment_signature (assessment_id, position, district_id, account_id, path_sealed, statement, digest, is_intact,
                                  on_first_tablet, signed_at, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (assessment_id, position) DO NOTHING

-- list_signatures --
-- The signatures of an assessment. $1 assessment
SELECT s.position, s.district_id, s.account_id, a.name, s.path_sealed, s.statement, s.digest, s.is_intact, s.on_first_tablet, s.signed_at,
       s.received_at
FROM assessment_signature s JOIN account a ON a.id = s.account_id WHERE s.assessment_id = $1 ORDER BY s.position

-- find_grade_of --
-- The grade that an assessment made. $1 assessment
SELECT id FROM grade WHERE source_id = $1 AND scale = 'gbt_42195'
