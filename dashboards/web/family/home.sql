-- find_elder --
-- One of a family member's own elders, whose consent is in force, with provider, devices of the bed, and pause. $1 elder $2 member $3 today $4 now
SELECT e.id, e.name, e.gender, e.born_on, e.died_on, t.family_until, b.relation, c.id AS care_bed_id, c.provider_id, p.name AS provider_name,
       p.phone_sealed AS provider_phone,
       g.grade, w.reason AS pause_reason, w.ends_at AS paused_until, (SELECT a.kind FROM absence a WHERE a.elder_id = e.id AND a.starts_on <= $3 AND (a.ends_on IS NULL OR a.ends_on >= $3)
                 LIMIT 1) AS absence,
       (SELECT coalesce(array_agg(d.id ORDER BY d.name), '{}') FROM device d WHERE d.care_bed_id = c.id AND d.retired_at IS NULL) AS devices,
       events_last() AS number
FROM family_bond b JOIN elder e ON e.id = b.elder_id
LEFT JOIN LATERAL (SELECT id, provider_id FROM care_bed WHERE elder_id = e.id AND ended_on IS NULL ORDER BY enrolled_on LIMIT 1) c ON true
LEFT JOIN provider p ON p.id = c.provider_id
LEFT JOIN LATERAL (SELECT family_until FROM death_event WHERE elder_id = e.id AND state = 'confirmed') t ON true
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = e.id AND scale = 'gbt_42195' AND valid_from <= $3
                   AND (valid_to IS NULL OR valid_to >= $3) LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT reason, ends_at FROM monitoring_pause WHERE elder_id = e.id AND (care_bed_id IS NULL OR care_bed_id = c.id)
                   AND ended_at IS NULL AND starts_at <= $4 AND ends_at > $4 ORDER BY ends_at DESC LIMIT 1) w ON true
WHERE e.id = $1 AND b.family_member_id = $2 AND b.consented_at IS NOT NULL AND b.ended_at IS NULL

-- list_cases --
-- What happened lately, what is still open first; not what a pause keeps quiet and nobody has taken. $1 elder $2 since
SELECT s.id, s.elder_id, s.type, s.severity, s.state, s.opened_at, s.claimed_at, s.claimed_by_name, s.resolved_at, s.closed_at, s.outcome,
       s.caregiver_name, s.visit_state
FROM case_shown s JOIN care_case k ON k.id = s.id
WHERE s.elder_id = $1 AND s.class = 'care' AND (s.state <> 'closed' OR s.opened_at >= $2)
  AND (k.paused_by IS NULL OR s.claimed_at IS NOT NULL)
ORDER BY s.state IN ('closed', 'resolved'), s.opened_at DESC LIMIT 6

-- find_case --
-- One case as a family sees it. $1 case
SELECT id, elder_id, type, severity, state, opened_at, claimed_at, claimed_by_name, resolved_at, closed_at, outcome, caregiver_name, visit_state
FROM case_shown WHERE id = $1 AND class = 'care'

-- list_steps --
-- Who did what about some cases, oldest first; only what a family may see. $1 cases
SELECT t.case_id, t.at, t.action, coalesce(m.name, a.name) AS by_name, a.role AS by_role, m.id AS member_id, b.relation, t.data
FROM case_entry t JOIN care_case k ON k.id = t.case_id LEFT JOIN account a ON a.id = t.account_id
LEFT JOIN family_member m ON m.id = (t.data ->> 'family_member_id')::uuid
LEFT JOIN family_bond b ON b.elder_id = k.elder_id AND b.family_member_id = m.id
WHERE t.case_id = ANY($1::uuid[])
  AND (t.action IN ('open', 'claim', 'call', 'dispatch', 'arrive', 'resolve', 'close')
       OR t.action IN ('family_answer', 'family_safe') AND m.id IS NOT NULL)
UNION ALL
SELECT v.case_id, t.at, t.action, g.name, 'caregiver', NULL, NULL, t.data
FROM visit_entry t JOIN visit v ON v.id = t.visit_id LEFT JOIN caregiver g ON g.id = v.caregiver_id
WHERE v.case_id = ANY($1::uuid[]) AND t.action IN ('accept', 'check_in', 'check_out')
ORDER BY at LIMIT 200

-- list_devices --
-- The devices of a bed, and when each was last heard. $1 devices
SELECT d.id AS device_id, d.name, d.thing_model, s.last_seen_at, s.silent_since, s.values
FROM device d LEFT JOIN states_of($1) s ON s.device_id = d.id WHERE d.id = ANY($1::uuid[]) ORDER BY d.name, d.id

-- list_switched --
-- What changed at home, the newest first. $1 devices $2 metrics $3 since $4 until $5 most
SELECT metric, observed_at, value FROM readings_switched($1, $2, $3, $4, $5)

-- list_meals --
-- What was served on a day. $1 elder $2 day
SELECT kind, mode, served_at FROM meal_serving WHERE elder_id = $1 AND "on" = $2 AND served_at IS NOT NULL ORDER BY served_at LIMIT 6

-- list_day --
-- Visits of a day, and the next that comes. $1 elder $2 since $3 now
SELECT id, service, state, window_start, window_end, planned_start, started_at, ended_at, caregiver_name
FROM visit_shown WHERE elder_id = $1 AND (started_at >= $2 OR id = (
  SELECT id FROM visit_shown WHERE elder_id = $1 AND started_at IS NULL AND window_end >= $3 AND held_reason IS NULL
    AND state IN ('wanted', 'offered', 'accepted', 'en_route') ORDER BY window_start, id LIMIT 1))
ORDER BY window_start, id LIMIT 12

-- list_coming --
-- Visits that come, the next first. $1 elder $2 since $3 until
SELECT id, service, state, window_start, window_end, planned_start, promised_at, started_at, ended_at, caregiver_name, record, case_id,
       held_reason, staff
FROM visit_shown WHERE elder_id = $1 AND window_end >= $2 AND window_start < $3
  AND state IN ('wanted', 'offered', 'accepted', 'en_route', 'in_progress') ORDER BY window_start, id LIMIT 40

-- list_past --
-- Visits that were, the latest first, with what the family said of each. $1 elder $2 since $3 until
SELECT v.id, v.service, v.state, v.window_start, v.window_end, v.started_at, v.ended_at, v.caregiver_name, v.record, v.case_id,
       o.id AS order_id, o.rating, o.reviewed_at, o.cancelled_at,
       (SELECT t.data -> 'agrees' FROM visit_entry t WHERE t.visit_id = v.id AND t.action = 'confirm' ORDER BY t.at DESC, t.id DESC LIMIT 1) AS agrees,
       (SELECT c.state FROM complaint c WHERE c.visit_id = v.id AND c.source = 'family' ORDER BY c.id DESC LIMIT 1) AS complaint
FROM visit_shown v LEFT JOIN care_order o ON o.visit_id = v.id
WHERE v.elder_id = $1 AND v.window_start >= $2 AND v.window_start < $3 AND v.state IN ('completed', 'verified', 'missed')
ORDER BY v.window_start DESC, v.id LIMIT 40

-- list_complaints --
-- What the family complained of, and how far it is. $1 elder $2 only of this account or null
SELECT id, kind, state, received_at, due_at, outcome, answer_sealed, answered_at FROM complaint
WHERE elder_id = $1 AND source = 'family' AND ($2::uuid IS NULL OR received_by = $2)
ORDER BY id DESC LIMIT 10

-- list_prices --
-- What the provider's contract asks for each service on a day. $1 provider $2 day
SELECT DISTINCT ON (p.service) p.service, p.unit, p.price FROM contract c JOIN contract_price p ON p.contract_id = c.id
WHERE c.provider_id = $1 AND c.valid_from <= $2 AND (c.valid_to IS NULL OR c.valid_to >= $2)
ORDER BY p.service, c.valid_from DESC, c.number DESC

-- list_bill --
-- A month's claims of an elder. $1 elder $2 month
SELECT c.id, c.service, c.service_on, c.units, c.unit, c.amount, c.subsidy, c.copay, c.explanation, p.name AS provider
FROM claim c JOIN provider p ON p.id = c.provider_id WHERE c.elder_id = $1 AND c.month = $2 ORDER BY c.service_on, c.id

-- list_entitlements --
-- What may be used in a month, and what is used. $1 elder $2 month
SELECT n.quota, n.used, n.grade, s.name AS scheme_name FROM entitlement n JOIN scheme s ON s.id = n.scheme_id
WHERE n.elder_id = $1 AND n.month = $2 ORDER BY s.code

-- list_gathered --
-- Vital signs in pieces of time. $1 devices $2 metrics $3 since $4 until $5 piece
SELECT metric, at, low, high, mean, count FROM readings_gathered($1, $2, $3, $4, $5)

-- list_hours --
-- Vital signs by the hour. $1 devices $2 metrics $3 since $4 until
SELECT metric, hour AS at, low, high, mean, count, true_s AS seconds FROM rollups_hourly($1, $3, $4, 50000)
WHERE metric = ANY($2::text[]) ORDER BY hour, metric
