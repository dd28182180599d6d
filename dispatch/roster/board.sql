-- list_board --
-- Shifts that touch a span, by start. $1 provider or null $2 since $3 until
SELECT s.id, s.caregiver_id, s.starts_at, s.ends_at, s.break_from, s.break_to, s.break_minutes, s.origin, s.overtime_by
FROM shift s JOIN caregiver c ON c.id = s.caregiver_id
WHERE ($1::uuid IS NULL OR c.provider_id = $1) AND c.ended_at IS NULL
  AND s.starts_at >= $2::timestamptz - interval '48 hours' AND s.starts_at < $3 AND s.ends_at > $2 ORDER BY s.starts_at, s.id
