-- create_report --
-- A changed condition. $1 id $2 district $3 visit $4 elder $5 caregiver $6 changes $7 sealed note $8 asks for an assessment $9 seen at $10 now
INSERT INTO condition_report (id, district_id, visit_id, elder_id, caregiver_id, changes, note_sealed, wants_assessment, observed_at,
                              received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING true

-- list_open --
-- What nobody has settled. $1 provider or null
SELECT r.id, r.district_id, r.visit_id, r.elder_id, e.name AS elder_name, e.born_on, r.caregiver_id, c.name AS caregiver_name,
       r.changes, r.note_sealed, r.wants_assessment, r.observed_at, r.received_at, g.grade
FROM condition_report r JOIN elder e ON e.id = r.elder_id JOIN caregiver c ON c.id = r.caregiver_id
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = r.elder_id AND scale = 'gbt_42195'
                   AND (r.observed_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN valid_from AND coalesce(valid_to, 'infinity')
                   LIMIT 1) g ON true
WHERE r.settled_at IS NULL AND ($1::uuid IS NULL OR c.provider_id = $1)
ORDER BY NOT r.wants_assessment, r.received_at LIMIT 200

-- plan_assessment --
-- An assessment answers these. $1 reports $2 account $3 now
UPDATE condition_report SET settled_by = $2, settled_at = $3, outcome = 'assessment_planned' WHERE id = ANY($1::uuid[]) AND settled_at IS NULL

-- settle_report --
-- What came of it. $1 report $2 account $3 now $4 outcome
UPDATE condition_report SET settled_by = $2, settled_at = $3, outcome = $4 WHERE id = $1 AND settled_at IS NULL RETURNING id

-- report_exists --
-- Is there such a report? $1 report
SELECT EXISTS (SELECT FROM condition_report WHERE id = $1)
