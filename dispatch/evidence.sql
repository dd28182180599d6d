-- find_facts --
-- What the proof of a visit is weighed from. $1 visit $2 skill $3 service day
SELECT v.id, v.district_id, v.elder_id, v.care_bed_id, v.case_id, v.service, v.window_start, v.window_end, v.minutes, v.record,
       v.check_in, v.check_out, v.started_at, v.ended_at, v.caregiver_id, h.lat, h.lon, e.died_on,
       (SELECT kind FROM absence a WHERE a.elder_id = v.elder_id AND a.starts_on <= $3 AND (a.ends_on IS NULL OR a.ends_on >= $3)
        ORDER BY a.starts_on DESC LIMIT 1) AS away,
       $2::text = ANY (p.skills) AS is_skilled,
       (SELECT bool_or(valid_from <= $3 AND valid_to >= $3) FROM certificate t
        WHERE t.caregiver_id = v.caregiver_id AND t.skill = $2) AS is_certified,
       (SELECT count(*)::int FROM visit o WHERE o.caregiver_id = v.caregiver_id AND o.id <> v.id
        AND o.started_at < v.ended_at AND coalesce(o.ended_at, o.started_at) > v.started_at) AS overlaps
FROM visit v JOIN elder e ON e.id = v.elder_id LEFT JOIN care_bed b ON b.id = v.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) JOIN caregiver p ON p.id = v.caregiver_id WHERE v.id = $1

-- list_confirmations --
-- What people said about a visit. $1 visit
SELECT data FROM visit_entry WHERE visit_id = $1 AND action = 'confirm' ORDER BY id

-- find_visit_day --
-- The service and the start of a visit. $1 visit
SELECT service, started_at FROM visit WHERE id = $1

-- keep_proof --
-- The proof as it stands now. $1 visit $2 district $3 verdict $4 elements $5 witnesses $6 now
INSERT INTO visit_proof (visit_id, district_id, verdict, elements, witnesses, decided_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (visit_id) DO UPDATE
SET verdict = excluded.verdict, elements = excluded.elements, witnesses = excluded.witnesses, decided_at = excluded.decided_at
