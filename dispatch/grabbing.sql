-- set_mode --
-- How a provider's visits find somebody. $1 provider $2 mode $3 hours
UPDATE provider SET mode = $2, grab_hours = $3 WHERE id = $1 AND ended_at IS NULL RETURNING id

-- find_mode --
-- How a provider's visits find somebody. $1 provider
SELECT id, name, mode, grab_hours FROM provider WHERE id = $1

-- list_open --
-- Visits that stand open to a provider's people, if it lets them take visits. $1 provider $2 now $3 until $4 most $5 this one or null
SELECT v.id, v.elder_id, v.elder_name, v.elder_gender, v.born_on, v.lat, v.lon, v.service, v.priority, v.state, v.window_start,
       v.window_end, v.windows, v.minutes, v.provider_id, v.staff, e.languages, h.region_code, r.name AS region_name
FROM visit_shown v JOIN elder e ON e.id = v.elder_id JOIN home h ON h.id = v.home_id
LEFT JOIN region r ON r.code = h.region_code, provider p
WHERE p.id = $1 AND p.mode = 'grab' AND v.state = 'wanted' AND v.case_id IS NULL AND v.held_reason IS NULL AND v.staff = 1
  AND v.caregiver_id IS NULL AND (v.provider_id = p.id OR v.provider_id IS NULL) AND v.follows_id IS NULL
  AND v.window_start BETWEEN $2::timestamptz + make_interval(hours => p.grab_hours) AND $3
  AND NOT EXISTS (SELECT FROM absence a WHERE a.elder_id = v.elder_id
                  AND (v.window_start AT TIME ZONE 'Asia/Shanghai')::date BETWEEN a.starts_on AND coalesce(a.ends_on, 'infinity'))
  AND ($5::uuid IS NULL OR v.id = $5)
ORDER BY v.window_start, v.id LIMIT $4

-- list_own --
-- What a caregiver has promised or is on in a span. $1 caregiver $2 since $3 until
SELECT coalesce(v.started_at, v.planned_start, v.window_start) AS starts_at,
       coalesce(v.started_at, v.planned_start, v.window_start) + make_interval(mins => v.minutes) AS ends_at, v.lat, v.lon
FROM visit_shown v
WHERE (v.caregiver_id = $1 OR v.companion_id = $1) AND v.state IN ('offered', 'accepted', 'en_route', 'in_progress')
  AND v.window_start BETWEEN $2::timestamptz - interval '8 days' AND $3::timestamptz + interval '8 days'
ORDER BY starts_at

-- lock_caregiver --
-- One caregiver takes one visit at a time. $1 caregiver
SELECT id, provider_id FROM caregiver WHERE id = $1 AND ended_at IS NULL FOR NO KEY UPDATE

-- grab_visit --
-- The first has it. $1 visit $2 caregiver $3 provider $4 start $5 end $6 why $7 now
UPDATE visit SET state = 'accepted', caregiver_id = $2, provider_id = $3, planned_start = $4, planned_end = $5, promised_at = $7,
                 is_pinned = true, why = $6, offered_at = $7, accepted_at = $7
WHERE id = $1 AND state = 'wanted' AND held_reason IS NULL RETURNING id

-- find_first --
-- Who has a visit. $1 visit
SELECT c.name, v.accepted_at FROM visit v JOIN caregiver c ON c.id = v.caregiver_id WHERE v.id = $1

-- find_district --
-- The district of a caregiver. $1 caregiver
SELECT district_id FROM caregiver WHERE id = $1
