-- served --
-- Persons served. $1 first $2 last day $3 since $4 before $5 grade or service, or '' $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT e.id, 'elder' AS kind, e.name AS title, max(c.service_on) AS day, NULL::text AS code, true AS counts
FROM a JOIN claim c ON c.service_on BETWEEN a.first_on AND a.last_on AND c.state <> 'rejected'
  AND (a.split = '' OR a.split IN (c.service, c.grade) OR (a.split = 'none' AND c.grade IS NULL))
JOIN elder e ON e.id = c.elder_id GROUP BY e.id, e.name ORDER BY e.id OFFSET $6 LIMIT $7

-- claims --
-- Priced visits. $1 first $2 last day $3 since $4 before $5 grade or service, or '' $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT c.id, 'claim' AS kind, e.name AS title, c.service_on AS day, c.service AS code, true AS counts
FROM a JOIN claim c ON c.service_on BETWEEN a.first_on AND a.last_on AND c.state <> 'rejected'
  AND (a.split = '' OR a.split IN (c.service, c.grade) OR (a.split = 'none' AND c.grade IS NULL))
JOIN elder e ON e.id = c.elder_id ORDER BY c.id OFFSET $6 LIMIT $7

-- allowances --
-- Lines of approved lists. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT e.id, 'elder' AS kind, e.name AS title, l.month AS day, NULL::text AS code, true AS counts
FROM a JOIN allowance_list l ON l.month BETWEEN a.first_on AND a.last_on AND l.state IN ('approved', 'issued', 'reconciled')
JOIN allowance_line t ON t.list_id = l.id AND t.amount > 0 JOIN elder e ON e.id = t.elder_id ORDER BY t.id OFFSET $6 LIMIT $7

-- registered --
-- Persons on record on the last day; counted: with a grade in force. $1 first $2 last day $3 since $4 before $5 grade or '' $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT e.id, 'elder' AS kind, e.name AS title, g.valid_from AS day, NULL::text AS code, g.grade IS NOT NULL AS counts
FROM a JOIN elder e ON e.created_at < a.before AND (e.died_on IS NULL OR e.died_on > a.last_on)
LEFT JOIN LATERAL (SELECT g.grade, g.valid_from FROM grade g WHERE g.elder_id = e.id AND g.scale = 'gbt_42195'
  AND g.valid_from <= a.last_on AND (g.valid_to IS NULL OR g.valid_to >= a.last_on) ORDER BY g.valid_from DESC LIMIT 1) g ON true
WHERE a.split = '' OR g.grade = a.split ORDER BY e.id OFFSET $6 LIMIT $7

-- enrolled --
-- Persons on record on the last day; counted: enrolled. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT e.id, 'elder' AS kind, e.name AS title, n.since_on AS day, NULL::text AS code, n.since_on IS NOT NULL AS counts
FROM a JOIN elder e ON e.created_at < a.before AND (e.died_on IS NULL OR e.died_on > a.last_on)
LEFT JOIN LATERAL (SELECT min(n.valid_from) AS since_on FROM enrolment n WHERE n.elder_id = e.id AND n.valid_from <= a.last_on
  AND (n.valid_to IS NULL OR n.valid_to >= a.last_on)) n ON true ORDER BY e.id OFFSET $6 LIMIT $7

-- beds --
-- Persons on record on the last day who are severe or total, or have a care bed; counted: with a bed. $1 first $2 last day $3 since
-- $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT e.id, 'elder' AS kind, e.name AS title, b.since_on AS day, g.grade AS code, b.since_on IS NOT NULL AS counts
FROM a JOIN elder e ON e.created_at < a.before AND (e.died_on IS NULL OR e.died_on > a.last_on)
LEFT JOIN LATERAL (SELECT min(b.enrolled_on) AS since_on FROM care_bed b WHERE b.elder_id = e.id AND b.enrolled_on <= a.last_on
  AND (b.ended_on IS NULL OR b.ended_on >= a.last_on)) b ON true
LEFT JOIN LATERAL (SELECT g.grade FROM grade g WHERE g.elder_id = e.id AND g.scale = 'gbt_42195' AND g.valid_from <= a.last_on
  AND (g.valid_to IS NULL OR g.valid_to >= a.last_on) ORDER BY g.valid_from DESC LIMIT 1) g ON true
WHERE b.since_on IS NOT NULL OR g.grade IN ('severe', 'total') ORDER BY e.id OFFSET $6 LIMIT $7

-- assessed --
-- Assessments with both signatures. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT e.id, 'elder' AS kind, e.name AS title, s.assessed_on AS day, s.grade AS code, true AS counts
FROM a JOIN assessment s ON s.assessed_on BETWEEN a.first_on AND a.last_on AND s.signed_at IS NOT NULL
JOIN elder e ON e.id = s.elder_id ORDER BY s.id OFFSET $6 LIMIT $7

-- rated --
-- Orders reviewed; counted: four stars and more. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT o.id, 'order' AS kind, e.name AS title, (o.reviewed_at AT TIME ZONE 'Asia/Shanghai')::date AS day, NULL::text AS code, o.rating >= 4 AS counts
FROM a JOIN care_order o ON o.reviewed_at >= a.since AND o.reviewed_at < a.before JOIN elder e ON e.id = o.elder_id
ORDER BY o.id OFFSET $6 LIMIT $7

-- called_back --
-- Orders called back about; counted: satisfied. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT o.id, 'order' AS kind, e.name AS title, (o.called_back_at AT TIME ZONE 'Asia/Shanghai')::date AS day, NULL::text AS code,
       coalesce((o.call_back->>'satisfied')::boolean, false) AS counts
FROM a JOIN care_order o ON o.called_back_at >= a.since AND o.called_back_at < a.before JOIN elder e ON e.id = o.elder_id
ORDER BY o.id OFFSET $6 LIMIT $7

-- complaints --
-- Complaints received; counted: answered in time. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT c.id, 'complaint' AS kind, coalesce(p.name, e.name, '') AS title, (c.received_at AT TIME ZONE 'Asia/Shanghai')::date AS day, NULL::text AS code,
       coalesce(c.due_at < a.before AND c.answered_at <= c.due_at, false) AS counts
FROM a JOIN complaint c ON c.received_at >= a.since AND c.received_at < a.before
LEFT JOIN provider p ON p.id = c.provider_id LEFT JOIN elder e ON e.id = c.elder_id ORDER BY c.id OFFSET $6 LIMIT $7

-- proofs --
-- Priced visits that were weighed; counted: proven. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT c.id, 'claim' AS kind, e.name AS title, c.service_on AS day, c.service AS code, p.verdict = 'proven' AS counts
FROM a JOIN claim c ON c.service_on BETWEEN a.first_on AND a.last_on AND c.state <> 'rejected'
JOIN visit_proof p ON p.visit_id = c.visit_id JOIN elder e ON e.id = c.elder_id ORDER BY c.id OFFSET $6 LIMIT $7

-- cases --
-- Care cases; counted: answered within a minute. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT c.id, 'case' AS kind, coalesce(e.name, '') AS title, (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date AS day, NULL::text AS code,
       coalesce(c.claimed_at - c.opened_at <= interval '1 minute', false) AS counts
FROM a JOIN care_case c ON c.opened_at >= a.since AND c.opened_at < a.before AND c.class = 'care'
LEFT JOIN elder e ON e.id = c.elder_id ORDER BY c.id OFFSET $6 LIMIT $7

-- arrivals --
-- Emergency visits that arrived; counted: within 45 minutes. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT v.id, 'visit' AS kind, e.name AS title, (v.started_at AT TIME ZONE 'Asia/Shanghai')::date AS day, v.service AS code,
       v.started_at - v.wanted_at <= interval '45 minutes' AS counts
FROM a JOIN visit v ON v.wanted_at >= a.since AND v.wanted_at < a.before AND v.case_id IS NOT NULL AND v.started_at IS NOT NULL
JOIN elder e ON e.id = v.elder_id ORDER BY v.id OFFSET $6 LIMIT $7

-- caregivers --
-- Caregivers at work on the last day; counted: with a certificate in force. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT g.id, 'caregiver' AS kind, g.name AS title, t.valid_to AS day, NULL::text AS code, t.valid_to IS NOT NULL AS counts
FROM a JOIN caregiver g ON g.created_at < a.before AND (g.ended_at IS NULL OR g.ended_at >= a.before)
LEFT JOIN LATERAL (SELECT max(t.valid_to) AS valid_to FROM certificate t WHERE t.caregiver_id = g.id AND t.valid_from <= a.last_on
  AND t.valid_to >= a.last_on) t ON true ORDER BY g.id OFFSET $6 LIMIT $7

-- places --
-- Places open on the last day. $1 first $2 last day $3 since $4 before $5 tier, kind or '' $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT p.id, 'place' AS kind, p.name AS title, p.opened_on AS day, NULL::text AS code, true AS counts
FROM a JOIN place p ON p.opened_on <= a.last_on AND (p.closed_on IS NULL OR p.closed_on > a.last_on)
WHERE a.split IN (p.kind, p.tier) ORDER BY p.id OFFSET $6 LIMIT $7

-- meals --
-- Meals served. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT e.id, 'elder' AS kind, e.name AS title, m."on" AS day, NULL::text AS code, true AS counts
FROM a JOIN meal_serving m ON m."on" BETWEEN a.first_on AND a.last_on AND m.served_at IS NOT NULL JOIN elder e ON e.id = m.elder_id
ORDER BY m.id OFFSET $6 LIMIT $7

-- calls --
-- Calls at which the person was met or reached. $1 first $2 last day $3 since $4 before $5 unused $6 skip $7 most
WITH a AS (SELECT $1::date AS first_on, $2::date AS last_on, $3::timestamptz AS since, $4::timestamptz AS before, $5::text AS split)
SELECT e.id, 'elder' AS kind, e.name AS title, (c.at AT TIME ZONE 'Asia/Shanghai')::date AS day, NULL::text AS code, true AS counts
FROM a JOIN call_on c ON c.at >= a.since AND c.at < a.before AND c.outcome IN ('well', 'needs_help') JOIN elder e ON e.id = c.elder_id
ORDER BY c.id OFFSET $6 LIMIT $7
