-- find_elder --
-- One of a family member's own elders, whose consent is in force, with the provider and the devices of the bed. $1 elder $2 member $3 today
SELECT e.id, e.name, e.gender, e.born_on, e.died_on, t.family_until, b.relation, c.id AS care_bed_id, p.name AS provider_name, p.phone_sealed AS provider_phone,
       g.grade, (SELECT a.kind FROM absence a WHERE a.elder_id = e.id AND a.starts_on <= $3 AND (a.ends_on IS NULL OR a.ends_on >= $3)
                 LIMIT 1) AS absence,
       (SELECT coalesce(array_agg(d.id ORDER BY d.name), '{}') FROM device d WHERE d.care_bed_id = c.id AND d.retired_at IS NULL) AS devices,
       events_last() AS number
FROM family_bond b JOIN elder e ON e.id = b.elder_id
LEFT JOIN LATERAL (SELECT id, provider_id FROM care_bed WHERE elder_id = e.id AND ended_on IS NULL ORDER BY enrolled_on LIMIT 1) c ON true
LEFT JOIN provider p ON p.id = c.provider_id
LEFT JOIN LATERAL (SELECT family_until FROM death_event WHERE elder_id = e.id AND state = 'confirmed') t ON true
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = e.id AND scale = 'gbt_42195' AND valid_from <= $3
                   AND (valid_to IS NULL OR valid_to >= $3) LIMIT 1) g ON true
WHERE e.id = $1 AND b.family_member_id = $2 AND b.consented_at IS NOT NULL AND b.ended_at IS NULL

-- list_cases --
-- What happened lately, what is still open first. $1 elder $2 since
SELECT id, type, severity, state, opened_at, claimed_at, claimed_by_name, resolved_at, closed_at, outcome, caregiver_name, visit_state
FROM case_shown WHERE elder_id = $1 AND class = 'care' AND (state <> 'closed' OR opened_at >= $2)
ORDER BY state IN ('closed', 'resolved'), opened_at DESC LIMIT 6

-- list_steps --
-- Who did what about some cases, oldest first; only what a family may see. $1 cases
SELECT t.case_id, t.at, t.action, a.name AS by_name, a.role AS by_role, t.data
FROM case_entry t LEFT JOIN account a ON a.id = t.account_id
WHERE t.case_id = ANY($1::uuid[]) AND t.action IN ('open', 'claim', 'call', 'dispatch', 'arrive', 'resolve', 'close')
UNION ALL
SELECT v.case_id, t.at, t.action, g.name, 'caregiver', t.data
FROM visit_entry t JOIN visit v ON v.id = t.visit_id LEFT JOIN caregiver g ON g.id = v.caregiver_id
WHERE v.case_id = ANY($1::uuid[]) AND t.action IN ('accept', 'check_in', 'check_out')
ORDER BY at LIMIT 200

-- list_coming --
-- Visits that come, the next first. $1 elder $2 since $3 until
SELECT id, service, state, window_start, window_end, planned_start, promised_at, started_at, ended_at, caregiver_name, record, case_id,
       held_reason, staff
FROM visit_shown WHERE elder_id = $1 AND window_end >= $2 AND window_start < $3
  AND state IN ('wanted', 'offered', 'accepted', 'en_route', 'in_progress') ORDER BY window_start, id LIMIT 40

-- list_past --
-- Visits that were, the latest first. $1 elder $2 since $3 until
SELECT id, service, state, window_start, window_end, started_at, ended_at, caregiver_name, record, case_id
FROM visit_shown WHERE elder_id = $1 AND window_start >= $2 AND window_start < $3 AND state IN ('completed', 'verified', 'missed')
ORDER BY window_start DESC, id LIMIT 40

-- list_bill --
-- A month's claims of an elder. $1 elder $2 month
SELECT c.id, c.service, c.service_on, c.units, c.unit, c.amount, c.subsidy, c.copay, c.explanation, p.name AS provider
FROM claim c JOIN provider p ON p.id = c.provider_id WHERE c.elder_id = $1 AND c.month = $2 ORDER BY c.service_on, c.id

-- list_entitlements --
-- What may be used in a month, and what is used. $1 elder $2 month
SELECT n.quota, n.used, n.grade, s.name AS scheme_name FROM entitlement n JOIN scheme s ON s.id = n.scheme_id
WHERE n.elder_id = $1 AND n.month = $2 ORDER BY s.code
