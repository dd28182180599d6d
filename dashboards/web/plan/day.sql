-- list_caregivers --
-- A page of the caregivers who have a shift or a visit that day. $1 provider or null $2 since $3 until $4 part of the name $5 after name $6 after id $7 most
SELECT c.id, c.name, c.gender, c.skills, c.provider_id, p.name AS provider_name, c.lat, c.lon, c.speed_kmh
FROM caregiver c JOIN provider p ON p.id = c.provider_id
WHERE c.ended_at IS NULL AND ($1::uuid IS NULL OR c.provider_id = $1) AND ($4::text IS NULL OR strpos(c.name, $4) > 0)
  AND ($6::uuid IS NULL OR (c.name, c.id) > ($5::text, $6))
  AND (EXISTS (SELECT FROM shift s WHERE s.caregiver_id = c.id AND s.starts_at < $3 AND s.ends_at > $2
                 AND s.starts_at > $2::timestamptz - interval '48 hours')
       OR EXISTS (SELECT FROM visit v WHERE v.caregiver_id = c.id AND v.window_start < $3 AND v.window_end >= $2
                    AND v.window_start > $2::timestamptz - interval '2 days' AND v.state NOT IN ('cancelled', 'reassigned')))
ORDER BY c.name, c.id LIMIT $7

-- list_shifts --
-- The shifts of caregivers that touch the day. $1 caregivers $2 since $3 until
SELECT caregiver_id, starts_at, ends_at, break_from, break_to, break_minutes FROM shift
WHERE caregiver_id = ANY ($1::uuid[]) AND starts_at < $3 AND ends_at > $2 ORDER BY starts_at

-- list_leaves --
-- The approved leave of caregivers that touches the day. $1 caregivers $2 since $3 until
SELECT caregiver_id, kind, greatest(starts_at, $2) AS starts_at, least(ends_at, $3) AS ends_at FROM leave
WHERE caregiver_id = ANY ($1::uuid[]) AND state = 'approved' AND starts_at < $3 AND ends_at > $2 ORDER BY starts_at

-- list_visits --
-- The visits of caregivers on a day as they stand, one row for each of the two of a double visit; the list of ids is for the planner, which does not look through so many joins. $1 caregivers $2 since $3 until
WITH s AS (
  SELECT x.id, x.caregiver_id, 0 AS seat FROM visit x
  WHERE x.caregiver_id = ANY ($1::uuid[]) AND x.window_start BETWEEN $2::timestamptz - interval '8 days' AND $3::timestamptz + interval '8 days'
    AND x.state NOT IN ('cancelled', 'reassigned') AND coalesce(x.started_at, x.planned_start, x.window_start) < $3
    AND coalesce(x.started_at, x.planned_start, x.window_start) + make_interval(mins => x.minutes) > $2
  UNION ALL
  SELECT x.id, w.caregiver_id, 1 FROM visit_companion w JOIN visit x ON x.id = w.visit_id
  WHERE w.caregiver_id = ANY ($1::uuid[]) AND x.window_start BETWEEN $2::timestamptz - interval '8 days' AND $3::timestamptz + interval '8 days'
    AND x.state NOT IN ('cancelled', 'reassigned') AND coalesce(x.started_at, x.planned_start, x.window_start) < $3
    AND coalesce(x.started_at, x.planned_start, x.window_start) + make_interval(mins => x.minutes) > $2
)
SELECT v.id, v.elder_name, v.lat, v.lon, v.case_id, v.service, v.priority, v.state, v.window_start, v.window_end, v.minutes,
       v.caregiver_id, v.caregiver_name, v.companion_id, v.companion_name, v.promised_at, v.is_pinned, v.is_optional, v.staff,
       v.follows_id, s.seat, s.caregiver_id AS row_caregiver_id, NULL::int AS travel_s,
       coalesce(v.started_at, v.planned_start, v.window_start) AS starts_at,
       greatest(coalesce(v.ended_at, coalesce(v.started_at, v.planned_start, v.window_start) + make_interval(mins => v.minutes)),
                coalesce(v.started_at, v.planned_start, v.window_start) + interval '5 minutes') AS ends_at
FROM s JOIN visit_shown v ON v.id = s.id AND v.id = ANY (ARRAY(SELECT id FROM s))
ORDER BY starts_at, v.id

-- list_items --
-- The same as a plan proposes it. $1 plan $2 caregivers
SELECT v.id, v.elder_name, v.lat, v.lon, v.case_id, v.service, v.priority, v.state, v.window_start, v.window_end, v.minutes,
       v.caregiver_id, v.caregiver_name, v.companion_id, v.companion_name, v.promised_at, v.is_pinned, v.is_optional, v.staff,
       v.follows_id, i.seat, i.caregiver_id AS row_caregiver_id, i.travel_s, i.starts_at, i.ends_at,
       v.planned_start, CASE i.seat WHEN 0 THEN v.caregiver_id ELSE v.companion_id END AS standing_id
FROM plan_item i JOIN visit_shown v ON v.id = i.visit_id
WHERE i.plan_id = $1 AND i.caregiver_id = ANY ($2::uuid[]) ORDER BY i.starts_at, i.visit_id

-- list_open --
-- Visits of a day that nobody has, the most urgent first, with how many there are. $1 provider or null $2 since $3 until $4 most
SELECT v.id, v.elder_name, v.lat, v.lon, v.service, v.priority, v.state, v.window_start, v.window_end, v.minutes, v.staff, v.is_optional,
       v.held_reason, v.why, v.provider_name, count(*) OVER () AS all_
FROM visit_shown v
WHERE v.state IN ('wanted', 'missed') AND v.window_start < $3 AND v.window_end >= $2 AND v.case_id IS NULL
  AND v.window_start > $2::timestamptz - interval '2 days' AND ($1::uuid IS NULL OR v.provider_id IS NULL OR v.provider_id = $1)
ORDER BY v.held_reason IS NOT NULL, v.priority, v.window_start, v.id LIMIT $4

-- list_dropped --
-- What a plan leaves without anybody. $1 plan $2 most
SELECT v.id, v.elder_name, v.lat, v.lon, v.service, v.priority, v.state, v.window_start, v.window_end, v.minutes, v.staff, v.is_optional,
       v.held_reason, i.why, v.provider_name, count(*) OVER () AS all_
FROM plan_item i JOIN visit_shown v ON v.id = i.visit_id
WHERE i.plan_id = $1 AND i.caregiver_id IS NULL AND i.seat = 0
ORDER BY v.priority, v.window_start, v.id LIMIT $2

-- list_plans --
-- The plans of a day, the newest first. $1 day $2 provider or null $3 most
SELECT p.id, p."on", p.provider_id, o.name AS provider_name, p.state, p.cause, p.trigger, p.seconds, p.cost, p.progress, p.broken, p.left_out,
       p.reason, p.created_at, p.finished_at, p.accepted_at, a.name AS created_by_name, b.name AS accepted_by_name
FROM plan p LEFT JOIN provider o ON o.id = p.provider_id LEFT JOIN account a ON a.id = p.created_by
     LEFT JOIN account b ON b.id = p.accepted_by
WHERE p."on" = $1 AND ($2::uuid IS NULL OR p.provider_id = $2) ORDER BY p.created_at DESC LIMIT $3

-- sum_day --
-- How a day stands: how many visits, who has them, how many are promised, late or held. $1 provider or null $2 since $3 until
SELECT count(*) AS all_, count(*) FILTER (WHERE v.caregiver_id IS NOT NULL AND v.state <> 'missed') AS served,
       count(*) FILTER (WHERE v.caregiver_id IS NULL AND v.held_reason IS NULL AND v.state <> 'missed') AS unserved,
       count(*) FILTER (WHERE v.held_reason IS NOT NULL) AS held, count(*) FILTER (WHERE v.state = 'missed') AS missed,
       count(*) FILTER (WHERE v.promised_at IS NOT NULL) AS promised,
       count(*) FILTER (WHERE v.planned_start > v.window_end) AS late,
       count(*) FILTER (WHERE v.state IN ('completed', 'verified')) AS done
FROM visit v
WHERE v.window_start < $3 AND v.window_end >= $2 AND v.window_start > $2::timestamptz - interval '2 days'
  AND v.state NOT IN ('cancelled', 'reassigned') AND ($1::uuid IS NULL OR v.provider_id = $1 OR v.provider_id IS NULL)

-- find_plan --
-- One plan. $1 plan
SELECT p.id, p."on", p.provider_id, o.name AS provider_name, p.state, p.cause, p.trigger, p.seconds, p.cost, p.progress, p.broken, p.left_out,
       p.reason, p.created_at, p.finished_at, p.accepted_at, a.name AS created_by_name, b.name AS accepted_by_name
FROM plan p LEFT JOIN provider o ON o.id = p.provider_id LEFT JOIN account a ON a.id = p.created_by
     LEFT JOIN account b ON b.id = p.accepted_by
WHERE p.id = $1

-- sum_items --
-- What a plan comes to, beside what stands now for the same visits. $1 plan
SELECT count(*) FILTER (WHERE i.seat = 0 AND i.caregiver_id IS NOT NULL) AS served,
       count(*) FILTER (WHERE i.seat = 0 AND i.caregiver_id IS NULL) AS unserved,
       coalesce(sum(i.travel_s), 0) AS travel_s, coalesce(sum(i.wait_s), 0) AS wait_s,
       count(*) FILTER (WHERE i.seat = 0 AND i.starts_at > v.window_end) AS late,
       count(DISTINCT i.caregiver_id) AS caregivers,
       count(*) FILTER (WHERE i.seat = 0 AND v.caregiver_id IS NOT NULL) AS was_served,
       count(*) FILTER (WHERE i.seat = 0 AND v.caregiver_id IS NULL) AS was_unserved,
       count(*) FILTER (WHERE i.seat = 0 AND v.planned_start > v.window_end) AS was_late,
       count(DISTINCT v.caregiver_id) AS was_caregivers,
       count(*) FILTER (WHERE i.seat = 0 AND i.caregiver_id IS NOT NULL AND v.caregiver_id IS NULL) AS new,
       count(*) FILTER (WHERE i.seat = 0 AND i.caregiver_id <> v.caregiver_id) AS other,
       count(*) FILTER (WHERE i.seat = 0 AND i.caregiver_id = v.caregiver_id AND i.starts_at <> v.planned_start) AS moved,
       count(*) FILTER (WHERE i.seat = 0 AND i.caregiver_id IS NULL AND v.caregiver_id IS NOT NULL) AS dropped
FROM plan_item i JOIN visit v ON v.id = i.visit_id WHERE i.plan_id = $1

-- list_standing --
-- Where the caregivers of a plan's visits go as it stands, for the length of their ways. $1 plan
SELECT v.caregiver_id, c.lat AS from_lat, c.lon AS from_lon, c.speed_kmh, v.lat, v.lon
FROM plan_item i JOIN visit_shown v ON v.id = i.visit_id JOIN caregiver c ON c.id = v.caregiver_id
WHERE i.plan_id = $1 AND i.seat = 0 ORDER BY v.caregiver_id, coalesce(v.planned_start, v.window_start), v.id

-- list_broken --
-- The visits and people whom broken promises concern. $1 visits $2 caregivers
SELECT v.id, e.name AS elder_name, v.service, v.planned_start, v.caregiver_id, c.name AS caregiver_name FROM visit v
JOIN elder e ON e.id = v.elder_id LEFT JOIN caregiver c ON c.id = v.caregiver_id WHERE v.id = ANY ($1::uuid[])
UNION ALL
SELECT id, name, NULL, NULL, id, name FROM caregiver WHERE id = ANY ($2::uuid[])

-- list_providers --
-- The providers of the district.
SELECT id, name FROM provider WHERE ended_at IS NULL ORDER BY name, id
