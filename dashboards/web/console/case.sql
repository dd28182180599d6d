-- find_case --
-- One case with what is sealed of its person, what to do, where the person is, the devices of the home. $1 case $2 today $3 now
SELECT c.*, e.category, e.phone_sealed, e.id_number_sealed, h.address_sealed, h.access_sealed, r.name AS region_name,
       (SELECT a.kind FROM absence a WHERE a.elder_id = c.elder_id AND a.starts_on <= $2 AND (a.ends_on IS NULL OR a.ends_on >= $2)
        LIMIT 1) AS absence,
       (SELECT jsonb_build_object('id', p.id, 'reason', p.reason, 'ends_at', p.ends_at, 'is_questioned', p.questioned_at IS NOT NULL)
        FROM monitoring_pause p WHERE p.elder_id = c.elder_id AND p.ended_at IS NULL AND p.starts_at <= $3 AND p.ends_at > $3
        ORDER BY p.ends_at DESC LIMIT 1) AS pause,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'thing_model', d.thing_model, 'name', d.name, 'room', d.room)
                                  ORDER BY d.name), '[]')
        FROM device d WHERE d.care_bed_id = c.care_bed_id AND d.retired_at IS NULL) AS devices
FROM case_shown c
LEFT JOIN elder e ON e.id = c.elder_id
LEFT JOIN home h ON h.id = c.home_id
LEFT JOIN region r ON r.code = c.region_code
WHERE c.id = $1

-- list_alarms --
-- The alarms of a case, newest first. $1 case
SELECT a.id, d.name AS device_name, d.thing_model, d.room, a.type, a.severity, a.observed_at, a.received_at, a.rule, a.evidence,
       a.cancelled_at, a.skewed, l.lowered_by, v.service AS lowered_service, g.name AS lowered_name
FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id JOIN device d ON d.id = a.device_id
LEFT JOIN visit v ON v.id = l.lowered_by LEFT JOIN caregiver g ON g.id = v.caregiver_id
WHERE l.case_id = $1 ORDER BY a.received_at DESC, a.id DESC LIMIT 200

-- list_entries --
-- The timeline of a case with what its caregivers did, newest first. $1 case
SELECT t.at, t.action, t.from_state, t.to_state, t.note, t.data, a.name AS by_name, a.role AS by_role, NULL::uuid AS visit_id,
       CASE WHEN t.action IN ('family_answer', 'family_safe')
       THEN coalesce((SELECT name FROM family_member WHERE id = (t.data->>'family_member_id')::uuid),
                     (SELECT name FROM account WHERE id = (t.data->>'account_id')::uuid),
                     (SELECT name FROM caregiver WHERE id = (t.data->>'caregiver_id')::uuid)) END AS who
FROM case_entry t LEFT JOIN account a ON a.id = t.account_id WHERE t.case_id = $1
UNION ALL
SELECT t.at, t.action, t.from_state, t.to_state, NULL, t.data, a.name, a.role, t.visit_id, NULL
FROM visit_entry t JOIN visit v ON v.id = t.visit_id LEFT JOIN account a ON a.id = t.account_id
WHERE v.case_id = $1 AND t.action IN ('accept', 'en_route', 'check_in', 'check_out', 'verify')
ORDER BY at DESC LIMIT 300

-- list_visits --
-- Who was sent, newest first, with everybody who was asked. $1 case
SELECT v.id, v.state, v.service, v.offered_at, v.accepted_at, v.started_at, v.ended_at, v.why, v.caregiver_id, v.caregiver_name, v.verdict, v.record,
       g.phone_sealed,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'state', o.state, 'ring', o.ring, 'eta_min', o.eta_min,
                 'distance_km', o.distance_km, 'offered_at', o.offered_at, 'answered_at', o.answered_at, 'answer_by', o.answer_by,
                 'taken_by', t.name) ORDER BY o.offered_at, o.eta_min, o.id), '[]')
        FROM visit_offer o JOIN caregiver c ON c.id = o.caregiver_id LEFT JOIN caregiver t ON t.id = o.taken_by
        WHERE o.visit_id = v.id) AS offers
FROM visit_shown v LEFT JOIN caregiver g ON g.id = v.caregiver_id WHERE v.case_id = $1 ORDER BY v.id DESC
