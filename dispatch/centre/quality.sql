-- list_candidates --
-- What may be drawn of a month. $1 since $2 until
SELECT w.case_id, w.answered_by AS account_id, w.sent_at IS NOT NULL AND w.scene_at IS NOT NULL AS is_whole
FROM answer w
WHERE w.district_id = current_district() AND w.hour >= $1 AND w.hour < $2 AND w.is_closed AND w.answered_by IS NOT NULL
  AND w.apart IS DISTINCT FROM 'test'

-- create_sample --
-- A month's sample. $1 id $2 district $3 month $4 seed $5 form $6 population $7 its hash $8 now $9 by
INSERT INTO quality_sample (id, district_id, month, seed, form, population, population_hash, drawn_at, drawn_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- create_item --
-- A case that was drawn. $1 id $2 district $3 sample $4 operator $5 case $6 whole
INSERT INTO quality_item (id, district_id, quality_sample_id, account_id, case_id, is_whole) VALUES ($1, $2, $3, $4, $5, $6)

-- list_samples --
-- Samples, the latest first. $1 months before this or null $2 most
SELECT s.id, s.month, s.seed, s.form, s.population, s.drawn_at, a.name AS drawn_by_name, count(i.id)::int AS items,
       count(i.scored_at)::int AS scored, coalesce(sum(i.points), 0)::int AS points, coalesce(sum(i.most), 0)::int AS most,
       count(*) FILTER (WHERE i.is_critical)::int AS failed
FROM quality_sample s LEFT JOIN quality_item i ON i.quality_sample_id = s.id LEFT JOIN account a ON a.id = s.drawn_by
WHERE $1::date IS NULL OR s.month < $1 GROUP BY s.id, a.name ORDER BY s.month DESC LIMIT $2

-- find_sample --
-- One sample. $1 id
SELECT s.id, s.month, s.seed, s.form, s.population, s.population_hash, s.drawn_at, a.name AS drawn_by_name
FROM quality_sample s LEFT JOIN account a ON a.id = s.drawn_by WHERE s.id = $1

-- list_items --
-- What was drawn. $1 of a sample or null $2 scored ones of an operator or null
SELECT i.id, i.quality_sample_id, s.month, s.form, i.account_id, a.name, i.case_id, c.type, c.severity, c.opened_at, i.is_whole, i.points,
       i.most, i.is_critical, i.scored_at, i.scored_by, z.name AS scored_by_name, i.seen_at, i.answered_at
FROM quality_item i JOIN quality_sample s ON s.id = i.quality_sample_id JOIN account a ON a.id = i.account_id
JOIN care_case c ON c.id = i.case_id LEFT JOIN account z ON z.id = i.scored_by
WHERE ($1::uuid IS NULL OR i.quality_sample_id = $1) AND ($2::uuid IS NULL OR (i.account_id = $2 AND i.scored_at IS NOT NULL))
ORDER BY s.month DESC, a.name, i.account_id, i.is_whole DESC, i.id LIMIT 400

-- find_item --
-- One item. $1 id
SELECT i.id, i.district_id, i.quality_sample_id, s.month, s.form, i.account_id, a.name, i.case_id, c.type, c.severity, c.opened_at, i.is_whole,
       i.marks, i.is_critical, i.points, i.most, i.remark_sealed, i.scored_at, i.scored_by, z.name AS scored_by_name, i.seen_at,
       i.answer_sealed, i.answered_at
FROM quality_item i JOIN quality_sample s ON s.id = i.quality_sample_id JOIN account a ON a.id = i.account_id
JOIN care_case c ON c.id = i.case_id LEFT JOIN account z ON z.id = i.scored_by
WHERE i.id = $1

-- score_item --
-- What a call came to, once. $1 id $2 marks $3 critical $4 points $5 most $6 remark $7 by $8 now
UPDATE quality_item SET marks = $2, is_critical = $3, points = $4, most = $5, remark_sealed = $6, scored_by = $7, scored_at = $8
WHERE id = $1 AND scored_at IS NULL RETURNING id

-- see_item --
-- The operator has looked. $1 id $2 operator $3 now
UPDATE quality_item SET seen_at = $3 WHERE id = $1 AND account_id = $2 AND scored_at IS NOT NULL AND seen_at IS NULL

-- answer_item --
-- What the operator says to it, once. $1 id $2 answer $3 now
UPDATE quality_item SET answer_sealed = $2, answered_at = $3, seen_at = coalesce(seen_at, $3) WHERE id = $1 AND answered_at IS NULL RETURNING id
