-- list_technical --
-- Open technical cases by filter. $1 type or null $2 region or null $3 state or null $4 most
SELECT c.*, i.region_code AS incident_region FROM case_shown c LEFT JOIN incident i ON i.id = c.id
WHERE c.class = 'technical' AND c.state <> 'closed' AND NOT c.is_in_incident
  AND ($1::text IS NULL OR c.type = $1) AND ($2::text IS NULL OR coalesce(i.region_code, c.region_code) = $2)
  AND ($3::text IS NULL OR c.state = $3)
ORDER BY c.state IN ('shelved', 'out_of_service'), c.state = 'resolved', c.severity, c.grade_rank, c.opened_at, c.id LIMIT $4

-- count_types --
-- What is wrong, and how often.
SELECT c.type, count(*)::int AS count FROM care_case c LEFT JOIN care_case o ON o.id = c.incident_id
WHERE c.class = 'technical' AND c.state <> 'closed' AND (o.id IS NULL OR o.state = 'closed') GROUP BY c.type ORDER BY c.type

-- count_regions --
-- Where something is wrong, and how often.
SELECT r.code, r.name, count(*)::int AS count
FROM care_case c LEFT JOIN care_case o ON o.id = c.incident_id LEFT JOIN incident i ON i.id = c.id
LEFT JOIN care_bed b ON b.id = c.care_bed_id LEFT JOIN home h ON h.id = b.home_id
JOIN region r ON r.code = coalesce(i.region_code, h.region_code)
WHERE c.class = 'technical' AND c.state <> 'closed' AND (o.id IS NULL OR o.state = 'closed') GROUP BY r.code, r.name ORDER BY r.code
