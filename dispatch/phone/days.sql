-- list_visits --
-- A caregiver's visits of some days, made alone or along, what is offered to them, and whatever is still under way. $1 caregiver $2 from $3 until
SELECT v.id, v.elder_id, v.elder_name, v.elder_gender, v.born_on, v.conditions, v.case_id, v.service, v.priority, s.state,
       w.visit_id IS NOT NULL AS is_companion, v.staff, v.window_start, v.window_end, v.planned_start, v.planned_end, v.minutes,
       coalesce(w.started_at, CASE WHEN w.visit_id IS NULL THEN v.started_at END) AS started_at,
       coalesce(w.ended_at, CASE WHEN w.visit_id IS NULL THEN v.ended_at END) AS ended_at, v.offered_at, v.verdict, v.lat, v.lon, v.home_id,
       CASE WHEN w.visit_id IS NULL THEN v.companion_name ELSE v.caregiver_name END AS with_name, v.companion_id,
       r.name AS region_name, c.type AS alarm_type, e.languages, e.lives_alone, l.due_at AS lone_due_at, o.answer_by
FROM visit_shown v JOIN elder e ON e.id = v.elder_id
LEFT JOIN visit_companion w ON w.visit_id = v.id AND w.caregiver_id = $1
LEFT JOIN home h ON h.id = v.home_id LEFT JOIN region r ON r.code = h.region_code LEFT JOIN care_case c ON c.id = v.case_id
LEFT JOIN lone_watch l ON l.visit_id = v.id AND l.caregiver_id = $1 AND l.ended_at IS NULL
LEFT JOIN LATERAL (SELECT answer_by FROM visit_offer f WHERE f.visit_id = v.id AND f.caregiver_id = $1 AND f.state = 'open' LIMIT 1) o ON true
CROSS JOIN LATERAL (SELECT CASE
    WHEN w.visit_id IS NULL OR v.state IN ('cancelled', 'reassigned', 'wanted') THEN v.state
    WHEN w.ended_at IS NOT NULL THEN 'completed' WHEN w.started_at IS NOT NULL THEN 'in_progress'
    WHEN w.en_route_at IS NOT NULL THEN 'en_route' WHEN w.accepted_at IS NOT NULL THEN 'accepted' ELSE 'offered' END AS state) s
WHERE (v.caregiver_id = $1 OR v.companion_id = $1
       OR v.id IN (SELECT o.visit_id FROM visit_offer o WHERE o.caregiver_id = $1 AND o.state = 'open'))
  AND ((v.window_start < $3 AND v.window_end >= $2 AND s.state NOT IN ('cancelled', 'reassigned', 'wanted'))
       OR (v.window_start < $3 AND s.state IN ('offered', 'accepted', 'en_route', 'in_progress') AND v.state <> 'verified'))
ORDER BY s.state IN ('completed', 'verified', 'missed'), s.state <> 'in_progress', v.case_id IS NULL,
         coalesce(v.planned_start, v.window_start), v.id LIMIT 200

-- find_visit --
-- One of a caregiver's own visits with what must be known at the door. $1 visit $2 caregiver
SELECT v.id, v.district_id, v.elder_id, v.elder_name, v.elder_gender, v.born_on, v.conditions, v.case_id, v.service, v.priority, s.state,
       w.visit_id IS NOT NULL AS is_companion, v.staff, v.window_start, v.window_end, v.planned_start, v.planned_end, v.minutes,
       coalesce(w.started_at, CASE WHEN w.visit_id IS NULL THEN v.started_at END) AS started_at,
       coalesce(w.ended_at, CASE WHEN w.visit_id IS NULL THEN v.ended_at END) AS ended_at, v.offered_at, v.verdict, v.lat, v.lon, v.home_id,
       CASE WHEN w.visit_id IS NULL THEN v.companion_name ELSE v.caregiver_name END AS with_name, v.companion_id,
       CASE WHEN w.visit_id IS NULL THEN v.check_in ELSE w.check_in END AS check_in, v.record, v.elements, v.witnesses,
       e.category, e.languages, e.lives_alone, e.phone_sealed, h.address_sealed, h.access_sealed, r.name AS region_name,
       c.type AS alarm_type, c.severity, c.state AS case_state, g.grade, l.due_at AS lone_due_at, l.asked_at AS lone_asked_at, o.answer_by,
       (SELECT count(*) FROM visit_photo p WHERE p.visit_id = v.id) AS photos,
       (SELECT count(*) FROM visit_signature i WHERE i.visit_id = v.id) AS signatures,
       (SELECT count(*) FROM condition_report o WHERE o.visit_id = v.id) AS reports,
       EXISTS (SELECT FROM visit_notice n WHERE n.visit_id = v.id AND n.kind = 'late' AND n.cleared_at IS NULL) AS is_late
FROM visit_shown v
JOIN elder e ON e.id = v.elder_id
LEFT JOIN visit_companion w ON w.visit_id = v.id AND w.caregiver_id = $2
LEFT JOIN home h ON h.id = v.home_id LEFT JOIN region r ON r.code = h.region_code
LEFT JOIN care_case c ON c.id = v.case_id
LEFT JOIN lone_watch l ON l.visit_id = v.id AND l.caregiver_id = $2 AND l.ended_at IS NULL
LEFT JOIN LATERAL (SELECT answer_by FROM visit_offer f WHERE f.visit_id = v.id AND f.caregiver_id = $2 AND f.state = 'open' LIMIT 1) o ON true
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = v.elder_id AND scale = 'gbt_42195'
                   AND (v.window_start AT TIME ZONE 'Asia/Shanghai')::date BETWEEN valid_from AND coalesce(valid_to, 'infinity')
                   LIMIT 1) g ON true
CROSS JOIN LATERAL (SELECT CASE
    WHEN w.visit_id IS NULL OR v.state IN ('cancelled', 'reassigned', 'wanted') THEN v.state
    WHEN w.ended_at IS NOT NULL THEN 'completed' WHEN w.started_at IS NOT NULL THEN 'in_progress'
    WHEN w.en_route_at IS NOT NULL THEN 'en_route' WHEN w.accepted_at IS NOT NULL THEN 'accepted' ELSE 'offered' END AS state) s
WHERE v.id = $1 AND (v.caregiver_id = $2 OR v.companion_id = $2
       OR EXISTS (SELECT FROM visit_offer o WHERE o.visit_id = v.id AND o.caregiver_id = $2 AND o.state = 'open'))

-- find_visit_at --
-- The caregiver's visit that a code scanned at a home belongs to. $1 caregiver $2 home $3 now
SELECT v.id FROM visit_shown v LEFT JOIN visit_companion w ON w.visit_id = v.id AND w.caregiver_id = $1
WHERE (v.caregiver_id = $1 OR v.companion_id = $1) AND v.home_id = $2
  AND (v.state IN ('offered', 'accepted', 'en_route', 'in_progress')
       OR (w.ended_at IS NULL AND w.visit_id IS NOT NULL AND v.state IN ('completed', 'verified')))
ORDER BY v.state <> 'in_progress', v.case_id IS NULL, abs(extract(epoch FROM v.window_start - $3::timestamptz)) LIMIT 1

-- list_done --
-- What a caregiver has done in a time, made alone or along, in order. $1 caregiver $2 since $3 until
SELECT v.district_id, v.service, v.lat, v.lon, v.verdict, v.minutes,
       coalesce(w.started_at, v.started_at) AS started_at, coalesce(w.ended_at, v.ended_at) AS ended_at
FROM visit_shown v LEFT JOIN visit_companion w ON w.visit_id = v.id AND w.caregiver_id = $1
WHERE (v.caregiver_id = $1 OR w.caregiver_id = $1) AND coalesce(w.ended_at, v.ended_at) IS NOT NULL
  AND coalesce(w.started_at, v.started_at) >= $2 AND coalesce(w.started_at, v.started_at) < $3
ORDER BY coalesce(w.started_at, v.started_at) LIMIT 1000

-- find_provider --
-- The provider of a caregiver. $1 caregiver
SELECT p.phone_sealed FROM caregiver c JOIN provider p ON p.id = c.provider_id WHERE c.id = $1
