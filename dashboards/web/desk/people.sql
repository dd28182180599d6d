-- list_elders --
-- Elders by name or part of it, in the order of their id. $1 part or null $2 after or null $3 today $4 most
SELECT e.id, e.name, e.gender, e.born_on, e.category, b.label AS care_bed_label, r.name AS region_name, g.grade, g.valid_to
FROM elder e JOIN home h ON h.id = e.home_id LEFT JOIN region r ON r.code = h.region_code
LEFT JOIN LATERAL (SELECT label FROM care_bed WHERE elder_id = e.id AND ended_on IS NULL ORDER BY enrolled_on LIMIT 1) b ON true
LEFT JOIN LATERAL (SELECT grade, valid_to FROM grade WHERE elder_id = e.id AND scale = 'gbt_42195' AND valid_from <= $3
                   AND (valid_to IS NULL OR valid_to >= $3) LIMIT 1) g ON true
WHERE ($1::text IS NULL OR strpos(e.name, $1) > 0) AND ($2::uuid IS NULL OR e.id > $2) ORDER BY e.id LIMIT $4

-- list_grades --
-- All grades of an elder, newest first. $1 elder
SELECT scale, grade, valid_from, valid_to, source_id FROM grade WHERE elder_id = $1 ORDER BY valid_from DESC, id DESC

-- list_assessments --
-- All assessments of an elder, newest first. $1 elder
SELECT a.id, a.score, a.grade, a.reason, a.assessed_on, a.signed_at, o.name AS first_name, z.name AS second_name
FROM assessment a JOIN account o ON o.id = a.assessor_1 LEFT JOIN account z ON z.id = a.assessor_2
WHERE a.elder_id = $1 ORDER BY a.id DESC LIMIT 50

-- find_home --
-- A home with who lives there. $1 home
SELECT h.id, h.qr_secret, r.name AS region_name,
       (SELECT string_agg(e.name, ', ' ORDER BY e.id) FROM elder e WHERE e.home_id = h.id) AS elders,
       (SELECT string_agg(b.label, ', ' ORDER BY b.label) FROM care_bed b WHERE b.home_id = h.id AND b.ended_on IS NULL) AS beds
FROM home h LEFT JOIN region r ON r.code = h.region_code WHERE h.id = $1
