-- find_visit --
-- One visit with what it asks, who has it and why; planned ones of nobody are everybody's, an emergency is not. $1 visit $2 provider or null
SELECT v.*, coalesce(v.started_at, v.planned_start, v.window_start) AS starts_at, r.name AS region_name, g.grade,
       f.service AS follows_service, coalesce(f.planned_start, f.window_start) AS follows_at, b.name AS pinned_by_name
FROM visit_shown v LEFT JOIN home h ON h.id = v.home_id LEFT JOIN region r ON r.code = h.region_code
LEFT JOIN visit f ON f.id = v.follows_id
LEFT JOIN LATERAL (SELECT a.name FROM visit_entry e JOIN account a ON a.id = e.account_id
                   WHERE e.visit_id = v.id AND e.action IN ('offer', 'grab', 'retime', 'hand_over', 'pin') ORDER BY e.at DESC LIMIT 1) b ON v.is_pinned
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = v.elder_id AND scale = 'gbt_42195'
                   AND (v.window_start AT TIME ZONE 'Asia/Shanghai')::date BETWEEN valid_from AND coalesce(valid_to, 'infinity')
                   LIMIT 1) g ON true
WHERE v.id = $1 AND ($2::uuid IS NULL OR v.provider_id = $2 OR (v.provider_id IS NULL AND v.case_id IS NULL))

-- find_item --
-- What a plan says about a visit. $1 plan $2 visit
SELECT i.caregiver_id, c.name AS caregiver_name, i.starts_at, i.ends_at, i.travel_s, i.wait_s, i.why, q.name AS companion_name
FROM plan_item i LEFT JOIN caregiver c ON c.id = i.caregiver_id
LEFT JOIN plan_item j ON j.plan_id = i.plan_id AND j.visit_id = i.visit_id AND j.seat = 1 LEFT JOIN caregiver q ON q.id = j.caregiver_id
WHERE i.plan_id = $1 AND i.visit_id = $2 AND i.seat = 0

-- list_people --
-- Whom a visit may be moved to: who has the skill, those on shift that day first. $1 skill $2 provider or null $3 since $4 until $5 most
SELECT c.id, c.name, p.name AS provider_name, s.starts_at, s.ends_at
FROM caregiver c JOIN provider p ON p.id = c.provider_id
LEFT JOIN LATERAL (SELECT starts_at, ends_at FROM shift WHERE caregiver_id = c.id AND starts_at < $4 AND ends_at > $3
                   ORDER BY starts_at LIMIT 1) s ON true
WHERE c.ended_at IS NULL AND p.ended_at IS NULL AND $1 = ANY (c.skills) AND ($2::uuid IS NULL OR c.provider_id = $2)
ORDER BY s.starts_at IS NULL, c.name, c.id LIMIT $5
