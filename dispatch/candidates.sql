-- find_place --
-- Where the case is. $1 case
SELECT h.lat, h.lon FROM care_case c JOIN elder e ON e.id = c.elder_id LEFT JOIN care_bed b ON b.id = c.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) WHERE c.id = $1

-- list_candidates --
-- Every caregiver of the district, where they start from. $1 now $2 positions since
SELECT c.id, c.name, c.provider_id, c.skills, c.lat, c.lon, c.speed_kmh, l.lat AS last_lat, l.lon AS last_lon
FROM caregiver c JOIN provider p ON p.id = c.provider_id
LEFT JOIN caregiver_position l ON l.caregiver_id = c.id AND l.at BETWEEN $2 AND $1
WHERE c.ended_at IS NULL AND p.ended_at IS NULL ORDER BY c.id

-- list_shifts --
-- Until when each is on shift now, and when next within a week (a shift has 48 hours at most). $1 now
SELECT caregiver_id, max(ends_at) FILTER (WHERE starts_at <= $1 AND ends_at > $1) AS until,
       min(starts_at) FILTER (WHERE starts_at > $1) AS next
FROM shift WHERE starts_at BETWEEN $1::timestamptz - interval '48 hours' AND $1::timestamptz + interval '7 days'
GROUP BY caregiver_id

-- list_certificates --
-- The certificates of a skill. $1 skill
SELECT caregiver_id, skill, valid_from, valid_to FROM certificate WHERE skill = $1

-- list_busy --
-- Who is on a visit, or promised to one that begins soon. $1 now $2 soon
SELECT caregiver_id, id, priority, coalesce(started_at, greatest(window_start, $1)) + make_interval(mins => minutes) AS until
FROM visit WHERE caregiver_id IS NOT NULL
  AND (state IN ('en_route', 'in_progress') OR (case_id IS NOT NULL AND state IN ('offered', 'accepted'))
       OR (state = 'accepted' AND window_start <= $2 AND window_end >= $1))

-- list_declined --
-- Who has declined this case. $1 case
SELECT (e.data->>'caregiver_id')::uuid AS caregiver_id, max(e.at) AS at FROM visit v JOIN visit_entry e ON e.visit_id = v.id
WHERE v.case_id = $1 AND e.action = 'decline' GROUP BY 1
