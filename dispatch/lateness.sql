-- list_due --
-- Levels that visits without a check-in, or without a check-out, have passed and nobody was told of. $1 now $2 minutes by level $3 most
SELECT v.id, v.district_id, v.case_id, v.elder_id, v.caregiver_id, v.state, d.kind, d.due_at, l.level::int AS level, l.minutes AS late_minutes
FROM visit v
CROSS JOIN LATERAL (SELECT CASE v.state WHEN 'in_progress' THEN 'overdue' ELSE 'late' END AS kind,
    CASE v.state WHEN 'in_progress' THEN v.started_at + make_interval(mins => v.minutes)
    ELSE coalesce(v.planned_start, greatest(v.window_end, (SELECT max((w->>'to')::timestamptz) FROM jsonb_array_elements(v.windows) w)))
    END AS due_at) d
CROSS JOIN unnest($2::int[]) WITH ORDINALITY l (minutes, level)
WHERE v.case_id IS NULL AND v.held_reason IS NULL AND v.window_start < $1 AND v.window_start > $1::timestamptz - interval '3 days'
  AND (v.state IN ('offered', 'accepted', 'en_route', 'in_progress', 'missed')
       OR v.state = 'wanted' AND (v.movable_to IS NULL OR v.movable_to < ($1 AT TIME ZONE 'Asia/Shanghai')::date))
  AND d.due_at + make_interval(mins => l.minutes) <= $1 AND d.due_at > $1::timestamptz - interval '1 day'
  AND NOT EXISTS (SELECT FROM visit_notice n WHERE n.visit_id = v.id AND n.kind = d.kind AND n.due_at = d.due_at AND n.level = l.level)
ORDER BY d.due_at, v.id, l.level LIMIT $3

-- create_notice --
-- Somebody is told, once. $1 id $2 district $3 visit $4 caregiver $5 kind $6 level $7 due $8 minutes $9 now
INSERT INTO visit_notice (id, district_id, visit_id, caregiver_id, kind, level, due_at, minutes, noticed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (visit_id, kind, due_at, level) DO NOTHING RETURNING true

-- clear --
-- Who was missed has come, or left; at which instant says whether they were late. $1 visit $2 kind $3 at $4 now
UPDATE visit_notice SET cleared_at = $4, cleared_by = CASE kind WHEN 'late' THEN 'came' ELSE 'left' END
  || CASE WHEN $3::timestamptz <= due_at + make_interval(mins => minutes) THEN '_in_time' ELSE '' END
WHERE visit_id = $1 AND kind = $2 AND cleared_at IS NULL RETURNING level, cleared_by

-- clear_changed --
-- What was called off, given away or moved is not late any more; what was missed leaves the board after a day. $1 now
UPDATE visit_notice n SET cleared_at = $1, cleared_by = CASE v.state WHEN 'missed' THEN 'missed' ELSE 'changed' END
FROM visit v WHERE v.id = n.visit_id AND n.cleared_at IS NULL
  AND (v.state IN ('cancelled', 'reassigned') OR v.held_reason IS NOT NULL OR n.noticed_at < $1::timestamptz - interval '1 day'
       OR n.caregiver_id IS DISTINCT FROM v.caregiver_id OR (n.kind = 'late' AND v.planned_start <> n.due_at))

-- is_repaired --
-- Does a repair of this caregiver's lateness wait already? $1 caregiver
SELECT EXISTS (SELECT FROM plan WHERE cause = 'repair' AND state IN ('computing', 'ready')
               AND trigger->>'kind' = 'late' AND trigger->>'caregiver_id' = $1)

-- list_open --
-- Visits that are late or last too long, with the highest level that was told. $1 provider or null $2 most
SELECT DISTINCT ON (n.due_at, n.visit_id) n.id, n.visit_id, n.kind, n.level, n.due_at, n.minutes AS late_minutes, n.noticed_at,
       v.state, v.service, v.elder_id, v.elder_name, v.caregiver_id, v.caregiver_name, v.provider_id, v.provider_name
FROM visit_notice n JOIN visit_shown v ON v.id = n.visit_id
WHERE n.cleared_at IS NULL AND ($1::uuid IS NULL OR v.provider_id = $1)
ORDER BY n.due_at, n.visit_id, n.level DESC LIMIT $2
