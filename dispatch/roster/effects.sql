-- list_lost --
-- Visits to come that somebody leads or comes along to, touching a span. $1 caregiver $2 since $3 until
SELECT v.id, v.elder_id, e.name AS elder_name, v.service, v.state,
       coalesce(v.planned_start, v.window_start) AS starts_at
FROM visit v JOIN elder e ON e.id = v.elder_id
WHERE v.state IN ('offered', 'accepted', 'en_route') AND v.case_id IS NULL
  AND (v.caregiver_id = $1 OR EXISTS (SELECT FROM visit_companion w WHERE w.visit_id = v.id AND w.caregiver_id = $1))
  AND coalesce(v.planned_start, v.window_start) < $3
  AND coalesce(v.planned_end, v.window_start + make_interval(mins => v.minutes)) > $2
ORDER BY starts_at, v.id
