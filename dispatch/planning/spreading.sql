-- list_movable --
-- Movable visits that wait and may be made on a day: the day that they stand on now. $1 day $2 provider or null
SELECT id, district_id, case_id, elder_id, caregiver_id, state, minutes * staff AS minutes, movable_to, window_start, window_end, windows
FROM visit WHERE state = 'wanted' AND held_reason IS NULL AND movable_from <= $1 AND movable_to >= $1
  AND ($2::uuid IS NULL OR provider_id = $2)
ORDER BY movable_to, id FOR NO KEY UPDATE

-- list_loads --
-- Minutes of work that stand on each local day of a span, movable visits apart, and minutes of shifts. $1 first day $2 last day $3 provider or null
SELECT d::date AS day,
       (SELECT coalesce(sum(minutes * staff), 0) FROM visit v WHERE (v.window_start AT TIME ZONE 'Asia/Shanghai')::date = d::date
        AND v.state IN ('wanted', 'offered', 'accepted') AND v.held_reason IS NULL
        AND (v.movable_from IS NULL OR v.state <> 'wanted') AND ($3::uuid IS NULL OR v.provider_id = $3))::float8 AS wanted,
       (SELECT coalesce(sum(extract(epoch FROM s.ends_at - s.starts_at) / 60), 0) FROM shift s JOIN caregiver c ON c.id = s.caregiver_id
        WHERE (s.starts_at AT TIME ZONE 'Asia/Shanghai')::date = d::date AND ($3::uuid IS NULL OR c.provider_id = $3))::float8 AS worked
FROM generate_series($1::date, $2::date, interval '1 day') d ORDER BY d

-- move_day --
-- Another day for a visit that waits. $1 visit $2 days later
UPDATE visit SET window_start = window_start + make_interval(days => $2), window_end = window_end + make_interval(days => $2),
  windows = (SELECT coalesce(jsonb_agg(jsonb_build_object('from', (w->>'from')::timestamptz + make_interval(days => $2),
                                                          'to', (w->>'to')::timestamptz + make_interval(days => $2))), '[]')
             FROM jsonb_array_elements(windows) w)
WHERE id = $1 AND state = 'wanted' RETURNING id
