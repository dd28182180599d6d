-- list_today --
-- A caregiver's visits of a day and whatever is still under way, emergencies first. $1 caregiver $2 from $3 until
SELECT v.id, v.elder_id, v.elder_name, v.elder_gender, v.born_on, v.case_id, v.service, v.priority, v.state, v.window_start, v.window_end,
       v.minutes, v.started_at, v.ended_at, v.offered_at, v.verdict, r.name AS region_name, c.type AS alarm_type
FROM visit_shown v
LEFT JOIN home h ON h.id = v.home_id LEFT JOIN region r ON r.code = h.region_code LEFT JOIN care_case c ON c.id = v.case_id
WHERE v.caregiver_id = $1
  AND ((v.window_start < $3 AND v.window_end >= $2 AND v.state NOT IN ('cancelled', 'reassigned'))
       OR (v.window_start < $3 AND v.state IN ('offered', 'accepted', 'en_route', 'in_progress')))
ORDER BY v.state IN ('completed', 'verified', 'missed'), v.state <> 'in_progress', v.case_id IS NULL, v.window_start, v.id LIMIT 60

-- find_visit --
-- One of a caregiver's own visits with what must be known at the door. $1 visit $2 caregiver
SELECT v.*, e.category, e.languages, e.lives_alone, e.phone_sealed, h.address_sealed, h.access_sealed, r.name AS region_name,
       c.type AS alarm_type, c.severity, c.state AS case_state, g.grade
FROM visit_shown v
JOIN elder e ON e.id = v.elder_id
LEFT JOIN home h ON h.id = v.home_id LEFT JOIN region r ON r.code = h.region_code
LEFT JOIN care_case c ON c.id = v.case_id
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = v.elder_id AND scale = 'gbt_42195'
                   AND (v.window_start AT TIME ZONE 'Asia/Shanghai')::date BETWEEN valid_from AND coalesce(valid_to, 'infinity')
                   LIMIT 1) g ON true
WHERE v.id = $1 AND v.caregiver_id = $2

-- find_home --
-- The home of a scanned code. $1 home
SELECT id, qr_secret FROM home WHERE id = $1

-- find_visit_at --
-- The caregiver's visit that a code scanned at a home belongs to. $1 caregiver $2 home $3 now
SELECT id FROM visit_shown
WHERE caregiver_id = $1 AND home_id = $2 AND state IN ('offered', 'accepted', 'en_route', 'in_progress')
ORDER BY state <> 'in_progress', case_id IS NULL, abs(extract(epoch FROM window_start - $3::timestamptz)) LIMIT 1

-- list_certificates --
-- A caregiver's own certificates. $1 caregiver
SELECT skill, name, valid_from, valid_to FROM certificate WHERE caregiver_id = $1 ORDER BY valid_to DESC, id

-- list_shifts --
-- A caregiver's next shifts. $1 caregiver $2 now
SELECT starts_at, ends_at FROM shift WHERE caregiver_id = $1 AND ends_at > $2 ORDER BY starts_at LIMIT 14

-- find_head --
-- The number of the last event.
SELECT events_last()
