-- list_grades --
-- The ability grades in force of some elders. $1 elders $2 day
SELECT elder_id, grade FROM grade
WHERE elder_id = ANY($1::uuid[]) AND scale = 'gbt_42195' AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)

-- list_beds --
-- An elder's open beds. $1 elder
SELECT id FROM care_bed WHERE elder_id = $1 AND ended_on IS NULL ORDER BY id
