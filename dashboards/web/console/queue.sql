-- find_head --
-- The number of the last event, how many wait in each queue and are open, what must ring on, who is offered a case.
SELECT events_last() AS number, count(*) FILTER (WHERE c.class = 'care')::int AS open_care,
       count(*) FILTER (WHERE c.class = 'technical' AND (o.id IS NULL OR o.state = 'closed'))::int AS open_technical,
       coalesce(array_agg(c.id) FILTER (WHERE c.class = 'care' AND c.severity = 1 AND c.state = 'raised' AND c.lowered_until IS NULL
                                        AND c.escalate_at IS NOT NULL), '{}') AS grave,
       (SELECT coalesce(array_agg(DISTINCT coalesce(to_account::text, 'managers')), '{}') FROM case_transfer WHERE state = 'offered') AS offered,
       count(*) FILTER (WHERE c.class = 'care' AND c.state IN ('raised', 'returned'))::int AS care,
       count(*) FILTER (WHERE c.class = 'technical' AND c.state IN ('raised', 'returned')
                        AND (o.id IS NULL OR o.state = 'closed'))::int AS technical
FROM care_case c LEFT JOIN care_case o ON o.id = c.incident_id WHERE c.state <> 'closed'

-- list_queue --
-- Open cases: what is worked on first, then by severity, grade and age; an incident stands for its cases. $1 class $2 seen after
SELECT id, class, type, severity, state, opened_at, last_alarm_at, claimed_by, claimed_by_name, step, lowered_until, elder_id,
       elder_name, elder_gender, born_on, lives_alone, care_bed_label, grade, grade_rank, alarms, visit_state, caregiver_name,
       device_name, device_model, restored_at, is_in_incident, incident_scope, community, people, people_without,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) ORDER BY a.name, a.id), '[]')
        FROM case_watcher w JOIN account a ON a.id = w.account_id WHERE w.case_id = case_shown.id AND w.seen_at > $2) AS watchers,
       (SELECT jsonb_build_object('action', t.action, 'answer', t.data->>'answer', 'who', coalesce(m.name, s.name, g.name)) FROM case_entry t
        LEFT JOIN family_member m ON m.id = (t.data->>'family_member_id')::uuid LEFT JOIN account s ON s.id = (t.data->>'account_id')::uuid
        LEFT JOIN caregiver g ON g.id = (t.data->>'caregiver_id')::uuid
        WHERE t.case_id = case_shown.id AND t.action IN ('family_answer', 'family_safe', 'unreached') ORDER BY t.at DESC, t.id DESC LIMIT 1) AS said,
       (SELECT coalesce(t.to_account::text, 'managers') FROM case_transfer t WHERE t.case_id = case_shown.id AND t.state = 'offered') AS offered_to
FROM case_shown WHERE class = $1 AND state <> 'closed' AND NOT is_in_incident
ORDER BY state IN ('shelved', 'out_of_service'), state = 'resolved', severity, grade_rank, opened_at, id LIMIT 300

-- list_rows --
-- The same of some cases, whatever their state. $1 cases $2 seen after
SELECT id, class, type, severity, state, opened_at, last_alarm_at, claimed_by, claimed_by_name, step, lowered_until, elder_id,
       elder_name, elder_gender, born_on, lives_alone, care_bed_label, grade, grade_rank, alarms, visit_state, caregiver_name,
       device_name, device_model, restored_at, is_in_incident, incident_scope, community, people, people_without,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) ORDER BY a.name, a.id), '[]')
        FROM case_watcher w JOIN account a ON a.id = w.account_id WHERE w.case_id = case_shown.id AND w.seen_at > $2) AS watchers,
       (SELECT jsonb_build_object('action', t.action, 'answer', t.data->>'answer', 'who', coalesce(m.name, s.name, g.name)) FROM case_entry t
        LEFT JOIN family_member m ON m.id = (t.data->>'family_member_id')::uuid LEFT JOIN account s ON s.id = (t.data->>'account_id')::uuid
        LEFT JOIN caregiver g ON g.id = (t.data->>'caregiver_id')::uuid
        WHERE t.case_id = case_shown.id AND t.action IN ('family_answer', 'family_safe', 'unreached') ORDER BY t.at DESC, t.id DESC LIMIT 1) AS said,
       (SELECT coalesce(t.to_account::text, 'managers') FROM case_transfer t WHERE t.case_id = case_shown.id AND t.state = 'offered') AS offered_to
FROM case_shown WHERE id = ANY($1::uuid[])

-- list_history --
-- Closed cases, newest first. $1 after or null $2 most
SELECT id, class, type, severity, state, opened_at, claimed_at, closed_at, closed_by_name, outcome, false_alarm, elder_id, elder_name,
       care_bed_label, caregiver_name
FROM case_shown WHERE state = 'closed' AND ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2
