-- find_facts --
-- What the proof of a visit is weighed from. $1 visit $2 skill $3 service day
SELECT v.id, v.district_id, v.elder_id, v.care_bed_id, v.case_id, v.service, v.window_start, v.window_end, v.windows, v.minutes, v.record, v.staff,
       w.check_in AS second_in, w.check_out AS second_out, v.check_in, v.check_out, v.started_at, v.ended_at, v.caregiver_id, h.lat, h.lon, e.died_on,
       (SELECT kind FROM absence a WHERE a.elder_id = v.elder_id AND a.starts_on <= $3 AND (a.ends_on IS NULL OR a.ends_on >= $3)
        ORDER BY a.starts_on DESC LIMIT 1) AS away,
       $2::text = ANY (p.skills) AS is_skilled,
       (SELECT bool_or(valid_from <= $3 AND valid_to >= $3) FROM certificate t
        WHERE t.caregiver_id = v.caregiver_id AND t.skill = $2) AS is_certified,
       (SELECT count(*)::int FROM visit o WHERE o.caregiver_id = v.caregiver_id AND o.id <> v.id
        AND o.started_at < v.ended_at AND coalesce(o.ended_at, o.started_at) > v.started_at)
       + (SELECT count(*)::int FROM visit_companion c WHERE c.caregiver_id = v.caregiver_id AND c.visit_id <> v.id
          AND c.started_at < v.ended_at AND coalesce(c.ended_at, c.started_at) > v.started_at) AS overlaps,
       (SELECT jsonb_build_object('ended_at', o.ended_at, 'lat', oh.lat, 'lon', oh.lon)
        FROM visit o JOIN elder oe ON oe.id = o.elder_id LEFT JOIN care_bed ob ON ob.id = o.care_bed_id
        JOIN home oh ON oh.id = coalesce(ob.home_id, oe.home_id)
        WHERE o.caregiver_id = v.caregiver_id AND o.id <> v.id AND o.started_at <= v.started_at
          AND o.ended_at <= v.started_at ORDER BY o.started_at DESC LIMIT 1) AS before
FROM visit v JOIN elder e ON e.id = v.elder_id LEFT JOIN care_bed b ON b.id = v.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) JOIN caregiver p ON p.id = v.caregiver_id
LEFT JOIN visit_companion w ON w.visit_id = v.id WHERE v.id = $1

-- lock_state --
-- How far a visit is, locked: who weighs it sees what the one before has kept. $1 visit
SELECT state FROM visit WHERE id = $1 FOR NO KEY UPDATE

-- find_papers --
-- What people said about a visit, what was photographed (and whose picture it was first) and signed. $1 visit
SELECT (SELECT coalesce(jsonb_agg(n.data ORDER BY n.id), '[]') FROM visit_entry n
        WHERE n.visit_id = $1 AND n.action = 'confirm') AS said,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('at', p.taken_at, 'first_of', f.visit_id) ORDER BY p.id), '[]')
        FROM visit_photo p LEFT JOIN visit_photo f ON f.id = p.same_as WHERE p.visit_id = $1) AS photos,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('who', g.who, 'is_intact', g.is_intact) ORDER BY g.signed_at, g.id), '[]')
        FROM visit_signature g WHERE g.visit_id = $1) AS signed

-- list_unsettled --
-- Visits weighed before the home had told everything. $1 ended before $2 ended after $3 wait
SELECT v.id FROM visit v JOIN visit_proof f ON f.visit_id = v.id
WHERE v.ended_at <= $1 AND v.ended_at > $2 AND f.decided_at < v.ended_at + $3::interval AND v.state IN ('completed', 'verified')
ORDER BY v.ended_at LIMIT 200

-- find_visit_day --
-- The service and the start of a visit. $1 visit
SELECT service, started_at FROM visit WHERE id = $1

-- keep_proof --
-- The proof as it stands now. $1 visit $2 district $3 verdict $4 elements $5 witnesses $6 now
INSERT INTO visit_proof (visit_id, district_id, verdict, elements, witnesses, decided_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (visit_id) DO UPDATE
SET verdict = excluded.verdict, elements = excluded.elements, witnesses = excluded.witnesses, decided_at = excluded.decided_at
