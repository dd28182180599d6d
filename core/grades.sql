-- end_grades --
-- End what is in force on the day before a new grade. $1 elder $2 scale $3 from $4 the day before
UPDATE grade SET valid_to = $4
WHERE elder_id = $1 AND scale = $2 AND valid_from < $3 AND (valid_to IS NULL OR valid_to >= $3)

-- record_grade --
-- A new fact. $1 id $2 district $3 elder $4 scale $5 grade $6 from $7 to $8 source $9 now
INSERT INTO grade (id, district_id, elder_id, scale, grade, valid_from, valid_to, source_id, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- find_grade --
-- The grade in force on a day. $1 elder $2 scale $3 day
SELECT id, grade, valid_from, valid_to, source_id FROM grade
WHERE elder_id = $1 AND scale = $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to >= $3)

-- list_grades --
-- All grades of an elder. $1 elder
SELECT id, scale, grade, valid_from, valid_to, source_id, recorded_at FROM grade WHERE elder_id = $1
ORDER BY valid_from DESC, scale

-- end_grade --
-- End one grade on a day. $1 id $2 last day
UPDATE grade SET valid_to = $2 WHERE id = $1 AND valid_from <= $2 RETURNING id
