-- list_lost --
-- Visits to come that somebody leads or comes along to, touching a span; emergencies that they are on their way to, when it has begun. $1 caregiver $2 since $3 until $4 now
SELECT v.id, v.elder_id, e.name AS elder_name, v.service, v.state, v.case_id,
       coalesce(v.planned_start, v.window_start) AS starts_at
FROM visit v JOIN elder e ON e.id = v.elder_id
WHERE v.state IN ('offered', 'accepted', 'en_route')
  AND (v.caregiver_id = $1 OR EXISTS (SELECT FROM visit_companion w WHERE w.visit_id = v.id AND w.caregiver_id = $1))
  AND coalesce(v.planned_start, v.window_start) < $3
  AND CASE WHEN v.case_id IS NULL THEN coalesce(v.planned_end, v.window_start + make_interval(mins => v.minutes)) > $2
           ELSE $2::timestamptz <= $4::timestamptz END
ORDER BY starts_at, v.id

-- look_now --
-- Whoever was sent does not come: operators are told with the next look. $1 cases $2 now
UPDATE care_case SET escalate_at = $2 WHERE id = ANY ($1::uuid[]) AND state = 'dispatched' AND class = 'care'
