-- find_visit --
-- One visit with what decides who may take it. $1 visit
SELECT v.id, v.elder_id, v.elder_name, v.lat, v.lon, v.service, v.state, v.case_id, v.window_start, v.window_end, v.windows, v.minutes,
       v.provider_id, v.caregiver_id, v.caregiver_name, v.companion_id, v.planned_start, v.promised_at, v.staff, e.languages, h.region_code,
       v.district_id
FROM visit_shown v JOIN elder e ON e.id = v.elder_id JOIN home h ON h.id = v.home_id WHERE v.id = $1

-- list_busy --
-- What everybody has in a span but for one visit. $1 since $2 until $3 but for
SELECT w.caregiver_id, v.lat, v.lon, coalesce(v.started_at, v.planned_start, v.window_start) AS starts_at,
       coalesce(v.started_at, v.planned_start, v.window_start) + make_interval(mins => v.minutes) AS ends_at
FROM visit_shown v, LATERAL (VALUES (v.caregiver_id), (v.companion_id)) w (caregiver_id)
WHERE w.caregiver_id IS NOT NULL AND v.id <> $3 AND v.state IN ('offered', 'accepted', 'en_route', 'in_progress')
  AND v.window_start BETWEEN $1::timestamptz - interval '8 days' AND $2::timestamptz + interval '8 days'
  AND coalesce(v.started_at, v.planned_start, v.window_start) < $2
  AND coalesce(v.started_at, v.planned_start, v.window_start) + make_interval(mins => v.minutes) > $1
