-- list_asked --
-- Visits of a day, with whom they are and what is known of them: those that are asked for it or planned on it, and what of the days beside it lies on the same shifts; those that stand open to all who may take them are held back. $1 since $2 until $3 provider or null $4 day $5 only this visit, whatever its day, or null $6 now or null
SELECT v.id, v.elder_id, v.service, v.priority, v.state, v.minutes, v.staff, v.window_start, v.window_end, v.windows, v.lat, v.lon,
       v.provider_id, h.region_code, e.languages, v.follows_id, v.follows_min, v.follows_max, v.is_optional, v.is_pinned, v.case_id,
       coalesce(v.held_reason, CASE WHEN v.state = 'wanted' AND o.mode = 'grab' AND v.staff = 1 AND v.follows_id IS NULL
                                          AND ($6::timestamptz IS NULL OR v.window_start > $6 + make_interval(hours => o.grab_hours)) THEN 'grab' END) AS held_reason, v.caregiver_id, v.companion_id, v.planned_start, v.planned_end, v.promised_at, v.started_at, v.movable_from,
       v.movable_to, CASE WHEN e.died_on <= $4 THEN 'death' ELSE a.kind END AS absent
FROM visit_shown v JOIN elder e ON e.id = v.elder_id JOIN home h ON h.id = v.home_id
LEFT JOIN provider o ON o.id = v.provider_id
LEFT JOIN LATERAL (SELECT kind FROM absence WHERE elder_id = v.elder_id AND starts_on <= $4 AND (ends_on IS NULL OR ends_on > $4)
                   ORDER BY starts_on LIMIT 1) a ON true
WHERE v.state IN ('wanted', 'offered', 'accepted', 'en_route', 'in_progress')
  AND CASE WHEN $5::uuid IS NOT NULL THEN v.id = $5 ELSE (v.window_start >= $1 AND v.window_start < $2 OR v.planned_end > $1 AND v.planned_start < $2::timestamptz + interval '6 hours') END
  AND ($3::uuid IS NULL OR v.provider_id = $3) AND (v.case_id IS NULL OR v.caregiver_id IS NOT NULL)
ORDER BY v.window_start, v.id

-- list_leads --
-- Visits that others of the day follow and that are not planned any more: when they began. $1 visits that are followed
SELECT id, CASE WHEN state IN ('cancelled', 'missed', 'reassigned') THEN NULL
                ELSE coalesce(started_at, planned_start, window_start) END AS begins_at
FROM visit WHERE id = ANY ($1)

-- list_last --
-- Where each was last on a day: the visit that ended last. $1 since $2 now
SELECT DISTINCT ON (w.caregiver_id) w.caregiver_id, v.lat, v.lon, v.ended_at AS at
FROM visit_shown v CROSS JOIN LATERAL (VALUES (v.caregiver_id), (v.companion_id)) w(caregiver_id)
WHERE v.ended_at >= $1 AND v.ended_at <= $2 AND w.caregiver_id IS NOT NULL
ORDER BY w.caregiver_id, v.ended_at DESC
