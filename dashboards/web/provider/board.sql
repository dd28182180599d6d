-- list_late --
-- Visits of today that have not begun although they should have, that last too long, or were missed. $1 provider or null $2 now $3 since $4 most
SELECT v.id, v.elder_name, v.service, v.state, v.caregiver_name, v.provider_name, v.minutes, v.started_at, d.due, v.priority,
       v.caregiver_id IS NULL AS is_open,
       (SELECT max(n.level) FROM visit_notice n WHERE n.visit_id = v.id AND n.cleared_at IS NULL) AS told
FROM visit_shown v,
     LATERAL (SELECT CASE v.state WHEN 'in_progress' THEN v.started_at + make_interval(mins => v.minutes + 30)
                                  ELSE coalesce(v.planned_start, CASE WHEN v.caregiver_id IS NULL THEN v.window_start ELSE v.window_end END) END AS due) d
WHERE v.state IN ('wanted', 'offered', 'accepted', 'en_route', 'in_progress', 'missed') AND v.case_id IS NULL AND v.held_reason IS NULL
  AND ($1::uuid IS NULL OR v.provider_id = $1) AND v.window_start >= $3 AND v.window_start < $2::timestamptz + interval '1 day' AND d.due <= $2
ORDER BY v.state = 'missed', d.due, v.id LIMIT $4

-- sum_today --
-- How the day goes. $1 provider or null $2 since $3 until
SELECT count(*) AS all_, count(*) FILTER (WHERE state IN ('completed', 'verified')) AS done,
       count(*) FILTER (WHERE state = 'in_progress') AS under_way, count(*) FILTER (WHERE state = 'missed') AS missed,
       count(*) FILTER (WHERE state = 'offered') AS waiting, count(*) FILTER (WHERE state = 'wanted' AND held_reason IS NULL) AS open
FROM visit WHERE ($1::uuid IS NULL OR provider_id = $1) AND window_start >= $2 AND window_start < $3
  AND state NOT IN ('cancelled', 'reassigned')

-- list_providers --
-- The district's providers and how their visits find somebody.
SELECT id, name, mode, grab_hours FROM provider WHERE ended_at IS NULL ORDER BY name, id
