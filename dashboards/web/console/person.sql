-- find_person --
-- All of a person card. $1 elder $2 the case that is open, or null $3 now $4 today
SELECT e.id AS elder_id, e.phone_sealed, d.is_demo, e.district_id, c.medicines_sealed, c.dialect, c.hearing, c.speech, c.sight, c.aids,
       c.notes_sealed, c.key_holders, c.revision, a.name AS checked_by_name, c.checked_at,
       EXISTS (SELECT FROM person_photo WHERE elder_id = e.id) AS has_photo,
       (SELECT array_agg(item) FROM consent WHERE elder_id = e.id AND withdrawn_at IS NULL) AS consents,
       (SELECT jsonb_build_object('id', s.id, 'rules', s.rules, 'items', s.items, 'adjustments', s.adjustments, 'grade', s.grade,
                                  'assessed_on', s.assessed_on, 'valid_to', s.valid_to)
        FROM assessment s WHERE s.elder_id = e.id AND s.signed_at IS NOT NULL ORDER BY s.assessed_on DESC, s.id DESC LIMIT 1) AS assessment,
       (SELECT jsonb_agg(x) FROM (
          SELECT k.id, k.type, k.severity, k.state, k.opened_at, k.closed_at, k.outcome, k.false_alarm FROM care_case k
          WHERE k.elder_id = e.id AND k.class = 'care' AND k.id IS DISTINCT FROM $2::uuid ORDER BY k.opened_at DESC LIMIT 3) x) AS cases,
       (SELECT jsonb_agg(x) FROM (
          SELECT v.service, v.state, v.window_start, v.started_at, v.ended_at, g.name AS caregiver_name FROM visit v
          LEFT JOIN caregiver g ON g.id = v.caregiver_id
          WHERE v.elder_id = e.id AND v.started_at IS NOT NULL AND v.started_at <= $3 ORDER BY v.started_at DESC LIMIT 3) x) AS visits,
       (SELECT jsonb_agg(x) FROM (
          SELECT v.service, v.state, v.window_start, g.name AS caregiver_name FROM visit v LEFT JOIN caregiver g ON g.id = v.caregiver_id
          WHERE v.elder_id = e.id AND v.window_end > $3 AND v.started_at IS NULL
            AND v.state IN ('wanted', 'offered', 'accepted', 'en_route') ORDER BY v.window_start LIMIT 1) x) AS next_visits,
       (SELECT jsonb_agg(x) FROM (
          SELECT p.reason, p.ends_at, NULL::date AS last_on FROM monitoring_pause p
          WHERE p.elder_id = e.id AND p.ended_at IS NULL AND p.starts_at <= $3 AND p.ends_at > $3
          UNION ALL
          SELECT b.kind, NULL::timestamptz, b.ends_on FROM absence b
          WHERE b.elder_id = e.id AND b.starts_on <= $4 AND (b.ends_on IS NULL OR b.ends_on >= $4)) x) AS pauses,
       (SELECT jsonb_agg(x ORDER BY x.priority, x.id) FROM (
          SELECT m.id, m.name, encode(m.phone_sealed, 'hex') AS sealed, b.relation, b.priority, b.can_decide,
                 r.last_reached_at, r.last_failed_at, r.code, r.channel, r.failed_channel, r.is_permanent,
                 (SELECT count(DISTINCT o.elder_id) FROM family_member s JOIN family_bond o ON o.family_member_id = s.id AND o.ended_at IS NULL
                  WHERE s.phone_index = m.phone_index)::int AS elders
          FROM family_bond b JOIN family_member m ON m.id = b.family_member_id
          CROSS JOIN LATERAL reach_of(m.id) r
          WHERE b.elder_id = e.id AND b.ended_at IS NULL) x) AS contacts,
       (SELECT jsonb_agg(s) FROM states_of(ARRAY(SELECT v.id FROM device v JOIN care_bed w ON w.id = v.care_bed_id
          WHERE w.elder_id = e.id AND w.ended_on IS NULL AND v.retired_at IS NULL)) s) AS states,
       (SELECT jsonb_object_agg(v.id, v.room) FROM device v JOIN care_bed w ON w.id = v.care_bed_id
        WHERE w.elder_id = e.id AND w.ended_on IS NULL AND v.retired_at IS NULL) AS rooms
FROM elder e JOIN district d ON d.id = e.district_id LEFT JOIN person_card c ON c.elder_id = e.id
LEFT JOIN account a ON a.id = c.checked_by WHERE e.id = $1
