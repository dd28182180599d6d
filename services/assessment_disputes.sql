-- find_disputable --
-- What a dispute must know of an assessment. $1 assessment
SELECT a.id, a.district_id, a.elder_id, a.grade, a.assessed_on, a.assessor_1, a.assessor_2, a.signed_at, a.review_of,
       EXISTS (SELECT FROM assessment l WHERE l.elder_id = a.elder_id AND l.signed_at > a.signed_at) AS is_followed
FROM assessment a WHERE a.id = $1

-- create_dispute --
-- A grade is questioned. $1 id $2 district $3 assessment $4 elder $5 by whom $6 grounds $7 sealed words $8 account $9 now $10 review until
INSERT INTO assessment_dispute (id, district_id, assessment_id, elder_id, by_kind, grounds, words_sealed, raised_by, raised_at, review_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- withdraw_dispute --
-- Taken back. $1 id $2 account $3 now
UPDATE assessment_dispute SET state = 'withdrawn', closed_by = $2, closed_at = $3 WHERE id = $1 AND state = 'open'
RETURNING district_id, elder_id

-- close_dispute --
-- The review is signed. $1 disputed assessment $2 review $3 outcome $4 account $5 now
UPDATE assessment_dispute SET state = 'reviewed', review_id = $2, outcome = $3, closed_by = $4, closed_at = $5
WHERE assessment_id = $1 AND state = 'open'

-- find_disputed --
-- What is disputed of a person, the latest first. $1 elder
SELECT a.id, a.assessor_1, a.assessor_2, a.assessed_on, a.grade FROM assessment_dispute d JOIN assessment a ON a.id = d.assessment_id
WHERE d.elder_id = $1 AND d.state = 'open' ORDER BY d.id DESC LIMIT 1

-- find_dispute --
-- One dispute. $1 id
SELECT d.id, d.district_id, d.assessment_id, d.elder_id, e.name AS elder_name, d.by_kind, d.grounds, d.words_sealed, d.raised_at,
       d.review_by, d.state, d.review_id, d.outcome, d.closed_at, a.grade, a.assessed_on, a.assessor_1, a.assessor_2
FROM assessment_dispute d JOIN elder e ON e.id = d.elder_id JOIN assessment a ON a.id = d.assessment_id WHERE d.id = $1

-- list_disputes --
-- Disputes, newest first. $1 elder or null $2 state or null $3 before this id or null $4 most
SELECT d.id, d.assessment_id, d.elder_id, e.name AS elder_name, d.by_kind, d.grounds, d.raised_at, d.review_by, d.state, d.review_id,
       d.outcome, d.closed_at, a.grade, a.assessed_on
FROM assessment_dispute d JOIN elder e ON e.id = d.elder_id JOIN assessment a ON a.id = d.assessment_id
WHERE ($1::uuid IS NULL OR d.elder_id = $1) AND ($2::text IS NULL OR d.state = $2) AND ($3::uuid IS NULL OR d.id < $3)
ORDER BY d.id DESC LIMIT $4
