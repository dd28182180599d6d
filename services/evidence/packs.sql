-- find_claim --
-- The claim as it stands, with its statement, its person under a mask and the place of their home. $1 claim
SELECT c.id, c.visit_id, c.statement_id, c.elder_id, e.name AS person, e.born_on, h.region_code, c.provider_id, p.name AS provider,
       c.service, c.service_on, c.month, c.units, c.unit, c.unit_price, c.amount, c.subsidy, c.copay, c.grade, c.scheme_id,
       c.entitlement_id, c.explanation, c.flags, c.started_at, c.created_at, c.state, c.approved, c.rejections, c.decided_by,
       c.decided_at, v.case_id, v.care_bed_id
FROM claim c JOIN elder e ON e.id = c.elder_id JOIN home h ON h.id = e.home_id JOIN provider p ON p.id = c.provider_id
JOIN visit v ON v.id = c.visit_id WHERE c.id = $1

-- find_scheme --
-- The scheme's text. $1 scheme
SELECT id, code, version, name, scale, effective_from, effective_to, sha256, body FROM scheme WHERE id = $1

-- find_entitlement --
-- What the person could use in that month. $1 entitlement
SELECT id, month, grade, quota, used, explanation FROM entitlement WHERE id = $1

-- list_grades --
-- Grades of every scale in force on the service date, with the assessment behind them. $1 elder $2 day
SELECT g.scale, g.grade, g.valid_from, g.valid_to, g.recorded_at, a.id AS assessment_id, a.rules, a.score, a.assessed_on, a.assessor_1,
       a.assessor_2, a.signed_at
FROM grade g LEFT JOIN assessment a ON a.id = g.source_id
WHERE g.elder_id = $1 AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2) ORDER BY g.scale, g.valid_from

-- list_prices --
-- What the provider's contracts say of the service on that day; the first counts. $1 provider $2 service $3 day
SELECT c.id AS contract_id, c.number, c.valid_from, c.valid_to, p.service, p.unit, p.price
FROM contract c JOIN contract_price p ON p.contract_id = c.id
WHERE c.provider_id = $1 AND p.service = $2 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to >= $3)
ORDER BY c.valid_from DESC, c.number DESC

-- find_visit --
-- The visit and its proof. $1 visit
SELECT v.id, v.service, v.state, v.funding, v.minutes, v.window_start, v.window_end, v.wanted_at, v.offered_at, v.accepted_at,
       v.started_at, v.ended_at, v.caregiver_id, k.name AS caregiver, v.record, v.check_in, v.check_out, f.verdict, f.elements,
       f.witnesses, f.decided_at
FROM visit v LEFT JOIN caregiver k ON k.id = v.caregiver_id LEFT JOIN visit_proof f ON f.visit_id = v.id WHERE v.id = $1

-- list_steps --
-- Every step of the visit, oldest first. $1 visit
SELECT t.id, t.at, t.action, t.from_state, t.to_state, t.account_id, a.role, t.data
FROM visit_entry t LEFT JOIN account a ON a.id = t.account_id WHERE t.visit_id = $1 ORDER BY t.at, t.id LIMIT 500

-- list_papers --
-- Photos, signatures and corrections of the visit: their hashes, never their content. $1 visit
SELECT 'photo' AS kind, id, taken_at AS at, received_at, encode(digest, 'hex') AS sha256, media_type AS what, (same_as IS NULL) AS ok,
       same_as AS other FROM visit_photo WHERE visit_id = $1
UNION ALL SELECT 'signature', id, signed_at, received_at, encode(digest, 'hex'), who, is_intact, NULL FROM visit_signature WHERE visit_id = $1
UNION ALL SELECT 'correction', id, asked_at, decided_at, NULL, reason, state = 'approved', decided_by FROM visit_correction WHERE visit_id = $1
ORDER BY 1, 3, 2

-- find_case --
-- The case behind the visit. $1 case
SELECT id, class, type, severity, state, opened_at, claimed_at, claimed_by, resolved_at, closed_at, closed_by, outcome, false_alarm
FROM care_case WHERE id = $1

-- list_case_steps --
-- Every step of the case, oldest first; the words of a note only as their hash. $1 case
SELECT t.id, t.at, t.action, t.from_state, t.to_state, t.account_id, a.role, t.data,
       encode(sha256(convert_to(t.note, 'UTF8')), 'hex') AS note_sha256
FROM case_entry t LEFT JOIN account a ON a.id = t.account_id WHERE t.case_id = $1 ORDER BY t.at, t.id LIMIT 500

-- list_alarms --
-- The alarms of a case: the device's message by its id, times and hash, and the readings it was judged by. $1 case
SELECT a.id, a.device_id, d.thing_model, d.ecosystem, d.room, a.message_id, a.type, a.severity, a.observed_at, a.received_at, a.historical,
       a.skewed, a.rule, a.cancelled_at, encode(sha256(a.raw), 'hex') AS message_sha256, length(a.raw) AS message_bytes, a.evidence
FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id JOIN device d ON d.id = a.device_id
WHERE l.case_id = $1 ORDER BY a.received_at, a.id LIMIT 200

-- list_readings --
-- What the home's devices told around the visit: one line a device, with the hash over its readings in order.
-- $1 bed or null $2 elder $3 from $4 until
WITH watching AS (
  SELECT d.id, d.thing_model, d.room FROM device d JOIN care_bed b ON b.id = d.care_bed_id
  WHERE CASE WHEN $1::uuid IS NULL THEN b.elder_id = $2 ELSE b.id = $1 END),
told AS (SELECT * FROM readings_between((SELECT coalesce(array_agg(id), '{}') FROM watching), $3, $4, 5000))
SELECT w.id AS device_id, w.thing_model, w.room, count(t.metric)::int AS readings, min(t.observed_at) AS first_at,
       max(t.observed_at) AS last_at,
       encode(sha256(convert_to(coalesce(string_agg(concat_ws(' ', to_char(t.observed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
         t.metric, t.value), E'\n' ORDER BY t.observed_at, t.metric), ''), 'UTF8')), 'hex') AS sha256
FROM watching w LEFT JOIN told t ON t.device_id = w.id GROUP BY w.id, w.thing_model, w.room ORDER BY w.id

-- find_statement --
-- The statement with its place in the chain of issued ones. $1 statement
SELECT s.id, s.provider_id, s.month, s.state, s.created_at, s.checked_by, s.checked_at, s.confirmed_by, s.confirmed_at, s.approved_by,
       s.approved_at, s.issued_by, s.issued_at, s.payable, s.reconciled_at, z.number AS seal_number, z.body AS seal_body,
       z.lines AS seal_lines, encode(z.lines_hash, 'hex') AS seal_lines_hash, encode(z.previous, 'hex') AS seal_previous,
       encode(z.hash, 'hex') AS seal_hash, z.audit_number, encode(z.audit_hash, 'hex') AS audit_hash, z.sealed_at
FROM statement s LEFT JOIN statement_seal z ON z.statement_id = s.id WHERE s.id = $1

-- list_beside --
-- What stands beside the claim: corrections, penalties, vouchers, appeals, complaints, findings and samples. $1 claim $2 visit
SELECT 'line' AS kind, id, kind AS what, amount, NULL::text AS outcome, made_at AS at FROM statement_line
WHERE claim_id = $1 OR visit_id = $2
UNION ALL SELECT 'voucher', id, code, amount, NULL, redeemed_on::timestamptz FROM voucher WHERE claim_id = $1
UNION ALL SELECT 'appeal', id, reason, NULL, outcome, raised_at FROM dispute WHERE claim_id = $1
UNION ALL SELECT 'finding', id, kind, amount, state, found_at FROM finding WHERE visit_ids @> ARRAY[$2::uuid] OR visit_id = $2
UNION ALL SELECT 'sample', id, method, wrong_amount, outcome, found_at FROM sample_item WHERE claim_id = $1
UNION ALL SELECT 'complaint', id, kind, NULL, coalesce(outcome, state), received_at FROM complaint WHERE visit_id = $2
ORDER BY 1, 6, 2

-- list_payments --
-- What came back from the bank for the statement. $1 statement
SELECT p.id, p.amount, p.paid_on, p.reference, p.line AS file_line, f.name AS file, encode(f.sha256, 'hex') AS file_sha256, f.imported_by,
       f.imported_at
FROM payment p JOIN payment_file f ON f.id = p.file_id WHERE p.statement_id = $1 ORDER BY p.paid_on, p.id

-- list_logged --
-- Lines of the audit log about the claim, its visit and its statement that are in the chain. $1 their ids
SELECT number, at, account_id, action, subject_kind, subject_id, encode(hash, 'hex') AS hash FROM audit_log
WHERE subject_id = ANY ($1::uuid[]) AND number IS NOT NULL ORDER BY number LIMIT 200
