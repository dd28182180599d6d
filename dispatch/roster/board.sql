-- list_board --
-- Shifts that touch a span, by start. $1 provider or null $2 since $3 until
SELECT s.id, s.caregiver_id, s.starts_at, s.ends_at, s.break_from, s.break_to, s.break_minutes, s.origin, s.overtime_by
FROM shift s JOIN caregiver c ON c.id = s.caregiver_id
WHERE ($1::uuid IS NULL OR c.provider_id = $1) AND c.ended_at IS NULL
  AND s.starts_at >= $2::timestamptz - interval '48 hours' AND s.starts_at < $3 AND s.ends_at > $2 ORDER BY s.starts_at, s.id

-- list_lapses --
-- Certificates that end with visits behind them. $1 provider or null $2 day $3 now $4 services $5 the skill of each
SELECT c.id AS caregiver_id, c.name AS caregiver_name, t.skill, t.valid_to, count(*)::int AS visits,
       min(coalesce(v.planned_start, v.window_start)) AS first_at
FROM certificate t JOIN caregiver c ON c.id = t.caregiver_id
JOIN unnest($4::text[], $5::text[]) AS s (service, skill) ON s.skill = t.skill
JOIN visit v ON v.service = s.service AND v.state IN ('offered', 'accepted', 'en_route') AND v.case_id IS NULL
  AND (v.caregiver_id = c.id OR EXISTS (SELECT FROM visit_companion w WHERE w.visit_id = v.id AND w.caregiver_id = c.id))
  AND coalesce(v.planned_start, v.window_start) >= greatest($3::timestamptz, (t.valid_to + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
WHERE c.ended_at IS NULL AND t.valid_to <= $2 AND ($1::uuid IS NULL OR c.provider_id = $1)
  AND NOT EXISTS (SELECT FROM certificate o WHERE o.caregiver_id = t.caregiver_id AND o.skill = t.skill AND o.valid_to > t.valid_to)
GROUP BY c.id, c.name, t.skill, t.valid_to ORDER BY t.valid_to, c.id
