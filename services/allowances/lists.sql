-- lock_scheme --
-- Lists of one scheme follow one another: two who open at once come one after the other. $1 district and scheme
SELECT pg_advisory_xact_lock(hashtext($1))

-- list_versions --
-- The signed versions of a scheme, oldest first. $1 code
SELECT body, effective_to FROM scheme WHERE code = $1 AND state = 'signed' ORDER BY version

-- list_in_force --
-- The signed schemes of a day. $1 day
SELECT DISTINCT ON (code) code, name, body FROM scheme
WHERE state = 'signed' AND effective_from <= $1 AND (effective_to IS NULL OR effective_to >= $1) ORDER BY code, version DESC

-- list_of_scheme --
-- The lists of a scheme. $1 code
SELECT id, month, state FROM allowance_list WHERE scheme_code = $1 ORDER BY month

-- open_list --
-- The list of a scheme and month, once. $1 id $2 district $3 scheme $4 month $5 by $6 now
INSERT INTO allowance_list AS l (id, district_id, scheme_code, month, state, created_by, created_at) VALUES ($1, $2, $3, $4, 'draft', $5, $6)
ON CONFLICT (district_id, scheme_code, month) DO UPDATE SET scheme_code = excluded.scheme_code RETURNING id

-- drop_lines --
-- A draft is computed anew. $1 list
DELETE FROM allowance_line WHERE list_id = $1

-- begin_list --
-- From the first person on. $1 list $2 scheme $3 earliest month $4 last day $5 now
UPDATE allowance_list l SET cursor_elder = NULL, begun_at = $5, computed_at = NULL, done = 0, total = 0,
       people = (SELECT count(*) FROM allowance_candidates($2, $3, $4, l.month))
WHERE id = $1

-- first_month --
-- The month of a scheme's first list. $1 scheme
SELECT min(month) FROM allowance_list WHERE scheme_code = $1

-- take_running --
-- A list whose computation is under way; another worker's is passed over.
SELECT id, district_id, scheme_code, month, cursor_elder, people, done, total FROM allowance_list
WHERE state = 'draft' AND computed_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED

-- check_list --
-- Looked through. $1 list $2 by $3 now
UPDATE allowance_list SET state = 'checked', checked_by = $2, checked_at = $3 WHERE id = $1 AND state = 'draft'

-- has_corrections_of --
-- Say whether a list carries a correction that this person made. $1 list $2 account
SELECT EXISTS (SELECT FROM allowance_line n JOIN allowance_correction c ON c.id = n.correction_id WHERE n.list_id = $1 AND c.made_by = $2)

-- approve_list --
-- By a second person. $1 list $2 by $3 now
UPDATE allowance_list SET state = 'approved', approved_by = $2, approved_at = $3 WHERE id = $1 AND state = 'checked'

-- reopen_list --
-- A draft again. $1 list
UPDATE allowance_list SET state = 'draft', checked_by = NULL, checked_at = NULL, approved_by = NULL, approved_at = NULL
WHERE id = $1 AND state IN ('draft', 'checked', 'approved')

-- count_stale --
-- Whom the list pays regularly although they were dead or out before the month, or arrears of a month that somebody has corrected, as is
-- known since its computation began (it may have gone on for long: a killed one). $1 list $2 scheme $3 month
SELECT count(DISTINCT n.elder_id) FROM allowance_line n JOIN allowance_list l ON l.id = n.list_id
WHERE n.list_id = $1 AND n.amount > 0 AND (
  n.kind = 'regular' AND (
    EXISTS (SELECT FROM death_event d WHERE d.elder_id = n.elder_id AND d.state = 'confirmed' AND d.died_on < $3::date AND d.decided_at > l.begun_at)
    OR EXISTS (SELECT FROM enrolment_entry m WHERE m.elder_id = n.elder_id AND m.scheme_code = $2 AND m.action IN ('ended', 'suspended')
               AND m.reason <> 'deceased' AND m.on_day <= $3::date AND m.recorded_at > l.begun_at))
  OR n.kind = 'arrears' AND EXISTS (SELECT FROM allowance_correction c WHERE c.elder_id = n.elder_id AND c.scheme_code = $2
                                    AND c.for_month = n.for_month AND c.withdrawn_at IS NULL AND c.made_at > l.begun_at))

-- lock_list --
-- One list for a change. $1 list
SELECT id, district_id, scheme_code, month, state, computed_at, created_by, checked_by, total FROM allowance_list WHERE id = $1 FOR UPDATE

-- find_list --
-- One list. $1 id
SELECT * FROM allowance_list_shown WHERE id = $1

-- list_lists --
-- Lists, newest first. $1 month or null $2 state or null $3 before this id or null $4 most
SELECT * FROM allowance_list_shown
WHERE ($1::date IS NULL OR month = $1) AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4

-- list_lines --
-- A list's lines. $1 list $2 change or kind, or null $3 elder or null $4 after this id or null $5 most
SELECT n.id, n.list_id, n.elder_id, e.name AS elder_name, n.scheme_code, n.kind, n.for_month, n.amount, n.previous, n.change, n.reasons,
       n.explanation, n.payment_id, n.correction_id, coalesce(n.change, n.kind) AS what
FROM allowance_line n JOIN elder e ON e.id = n.elder_id
WHERE n.list_id = $1 AND ($2::text IS NULL OR coalesce(n.change, n.kind) = $2) AND ($3::uuid IS NULL OR n.elder_id = $3)
  AND ($4::uuid IS NULL OR n.id > $4) ORDER BY n.id LIMIT $5

-- find_line --
-- One line. $1 id
SELECT n.*, l.state, l.month FROM allowance_line n JOIN allowance_list l ON l.id = n.list_id WHERE n.id = $1

-- sum_lines --
-- What a list is made of. $1 list
SELECT coalesce(change, kind) AS what, count(*) AS people, sum(amount) AS amount FROM allowance_line WHERE list_id = $1
GROUP BY 1 ORDER BY 1

-- list_of_elder --
-- A person's lines of issued lists. $1 elder $2 most
SELECT n.id, n.list_id, n.scheme_code, l.scheme_name, n.kind, n.for_month, n.amount, n.explanation, l.month, l.issued_at, p.state AS payment_state, p.reason
FROM allowance_line n JOIN allowance_list_shown l ON l.id = n.list_id AND l.state IN ('issued', 'reconciled')
LEFT JOIN allowance_payment p ON p.list_id = n.list_id AND p.elder_id = n.elder_id
WHERE n.elder_id = $1 ORDER BY l.month DESC, n.id LIMIT $2
