-- find_scene --
-- Where the case is, whose home it is, who of the district is asked now for what, and who has said no to this case or was silent lately. $1 case $2 silent since
SELECT h.lat, h.lon, b.provider_id,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('caregiver_id', o.caregiver_id, 'visit_id', o.visit_id, 'until', o.answer_by)), '[]')
        FROM visit_offer o WHERE o.district_id = c.district_id AND o.state = 'open') AS asked,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('caregiver_id', o.caregiver_id, 'state', o.state, 'at', o.answered_at)
                                  ORDER BY o.answered_at), '[]')
        FROM visit v JOIN visit_offer o ON o.visit_id = v.id
        WHERE v.case_id = c.id AND (o.state = 'declined' OR (o.state = 'timed_out' AND o.answered_at > $2))) AS answers
FROM care_case c JOIN elder e ON e.id = c.elder_id LEFT JOIN care_bed b ON b.id = c.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) WHERE c.id = $1
