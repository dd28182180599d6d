-- list_upset --
-- When the visits begin that somebody was to make while away. $1 caregiver $2 since $3 until
SELECT coalesce(v.planned_start, v.window_start) AS begins_at FROM visit v LEFT JOIN visit_companion w ON w.visit_id = v.id
WHERE (v.caregiver_id = $1 OR w.caregiver_id = $1) AND v.state IN ('offered', 'accepted') AND v.case_id IS NULL
  AND coalesce(v.planned_start, v.window_start) < $3
  AND coalesce(v.planned_end, v.window_start + make_interval(mins => v.minutes)) > $2

-- find_whose --
-- The provider of a caregiver. $1 caregiver
SELECT provider_id FROM caregiver WHERE id = $1

-- find_whose_visit --
-- The provider that a visit was given to. $1 visit
SELECT provider_id FROM visit WHERE id = $1

-- list_pending --
-- Repairs that nobody has answered. $1 today
SELECT id, "on", state, trigger, broken, progress, created_at FROM plan
WHERE cause = 'repair' AND state IN ('computing', 'ready') AND "on" >= $1 ORDER BY id DESC LIMIT 50
