-- list_needs --
-- Living people who have to be assessed and are not on the list for it. $1 today $2 the last day that counts as soon $3 most
WITH last AS (
  SELECT DISTINCT ON (g.elder_id) g.elder_id, g.id, g.valid_to FROM grade g WHERE g.scale = 'gbt_42195'
  ORDER BY g.elder_id, g.valid_from DESC
), needs AS (
  SELECT elder_id, CASE WHEN valid_to < $1 THEN 'lapsed' ELSE 'lapsing' END AS cause, id AS cause_id, valid_to AS day FROM last
  WHERE valid_to <= $2
  UNION ALL
  SELECT r.elder_id, 'condition', r.id, (r.received_at AT TIME ZONE 'Asia/Shanghai')::date FROM condition_report r
  WHERE r.settled_at IS NULL AND r.wants_assessment
  UNION ALL
  SELECT d.elder_id, 'dispute', d.id, d.review_by FROM assessment_dispute d WHERE d.state = 'open'
  UNION ALL
  SELECT a.elder_id, 'application', a.id, a.applied_on FROM application a
  WHERE a.state IN ('open', 'returned') AND a.wants_assessment AND a.elder_id IS NOT NULL
  UNION ALL
  SELECT e.id, 'ungraded', NULL, $1 FROM elder e
  WHERE EXISTS (SELECT FROM enrolment n WHERE n.elder_id = e.id AND (n.valid_to IS NULL OR n.valid_to >= $1))
    AND NOT EXISTS (SELECT FROM last l WHERE l.elder_id = e.id)
)
SELECT n.elder_id, n.cause, n.cause_id, n.day, EXISTS (SELECT FROM last l WHERE l.elder_id = n.elder_id) AS was_graded
FROM needs n JOIN elder e ON e.id = n.elder_id
WHERE e.died_on IS NULL AND NOT EXISTS (
  SELECT FROM assessment_want w WHERE w.elder_id = n.elder_id
  AND (w.cause_id = n.cause_id OR n.cause_id IS NULL AND w.cause = n.cause)
  )
ORDER BY n.day, n.elder_id, n.cause LIMIT $3

-- create_want --
-- Somebody has to be assessed; once for each cause. $1 id $2 district $3 elder $4 cause $5 its id $6 reason $7 due $8 now
INSERT INTO assessment_want (id, district_id, elder_id, cause, cause_id, reason, due_on, wanted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (elder_id, cause, coalesce(cause_id, elder_id)) DO NOTHING RETURNING id

-- assign --
-- Who goes, and when. $1 want $2 first $3 second or null $4 at
UPDATE assessment_want SET assessor_1 = $2, assessor_2 = $3, planned_at = $4 WHERE id = $1 AND state = 'open' RETURNING id

-- drop_want --
-- Off the list. $1 want $2 account $3 now
UPDATE assessment_want SET state = 'dropped', closed_by = $2, closed_at = $3 WHERE id = $1 AND state = 'open' RETURNING elder_id

-- close_wants --
-- A signed assessment answers what waits; a dispute only if it is the review. $1 elder $2 assessment $3 is it a review $4 account $5 now
UPDATE assessment_want SET state = 'done', assessment_id = $2, closed_by = $4, closed_at = $5
WHERE elder_id = $1 AND state = 'open' AND (cause <> 'dispute' OR $3) RETURNING cause, cause_id

-- is_assessor --
-- Whether an account of the district is an assessor's. $1 account
SELECT EXISTS (SELECT FROM account WHERE id = $1 AND role = 'assessor' AND disabled_at IS NULL)

-- list_assessors --
-- The assessors of the district.
SELECT id, name FROM account WHERE role = 'assessor' AND disabled_at IS NULL ORDER BY name, id

-- find_want --
-- One want, with who assessed what it disputes. $1 want
SELECT w.id, w.elder_id, e.name AS elder_name, w.cause, w.cause_id, w.reason, w.due_on, w.assessor_1, w.assessor_2, w.planned_at, w.state,
       w.assessment_id, a.assessor_1 AS disputed_1, a.assessor_2 AS disputed_2
FROM assessment_want w JOIN elder e ON e.id = w.elder_id
LEFT JOIN assessment_dispute d ON d.id = w.cause_id LEFT JOIN assessment a ON a.id = d.assessment_id WHERE w.id = $1

-- list_open --
-- Who has to be assessed, the most urgent first. $1 assessor or null $2 elder or null $3 most
SELECT w.id, w.elder_id, e.name AS elder_name, e.born_on, w.cause, w.reason, w.due_on, w.assessor_1, o.name AS first_name, w.assessor_2,
       z.name AS second_name, w.planned_at, r.name AS region_name, g.grade, g.valid_to
FROM assessment_want w JOIN elder e ON e.id = w.elder_id JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
LEFT JOIN account o ON o.id = w.assessor_1 LEFT JOIN account z ON z.id = w.assessor_2
LEFT JOIN LATERAL (SELECT grade, valid_to FROM grade WHERE elder_id = w.elder_id AND scale = 'gbt_42195'
                   ORDER BY valid_from DESC LIMIT 1) g ON true
WHERE w.state = 'open' AND ($1::uuid IS NULL OR $1 IN (w.assessor_1, w.assessor_2)) AND ($2::uuid IS NULL OR w.elder_id = $2)
ORDER BY w.due_on, w.id LIMIT $3

-- list_unsigned --
-- Forms that wait for this assessor's second signature. $1 account
SELECT a.id, a.elder_id, e.name AS elder_name, a.grade, a.score, a.reason, a.assessed_on, o.name AS first_name
FROM assessment a JOIN elder e ON e.id = a.elder_id JOIN account o ON o.id = a.assessor_1
LEFT JOIN assessment d ON d.id = a.review_of
WHERE a.assessor_2 IS NULL AND a.assessor_1 <> $1 AND (d.id IS NULL OR $1 NOT IN (d.assessor_1, d.assessor_2))
ORDER BY a.id LIMIT 50

-- list_round --
-- An assessor's homes of a day. $1 account $2 from $3 to
SELECT w.id, w.elder_id, e.name AS elder_name, e.born_on, w.cause, w.reason, w.due_on, w.planned_at, h.lat, h.lon, r.name AS region_name,
       CASE WHEN w.assessor_1 = $1 THEN z.name ELSE o.name END AS with_name
FROM assessment_want w JOIN elder e ON e.id = w.elder_id JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
JOIN account o ON o.id = w.assessor_1 LEFT JOIN account z ON z.id = w.assessor_2
WHERE w.state = 'open' AND $1 IN (w.assessor_1, w.assessor_2) AND w.planned_at >= $2 AND w.planned_at < $3
ORDER BY w.planned_at, w.id
