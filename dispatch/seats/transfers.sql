-- find_colleague --
-- An account that may have cases. $1 account
SELECT id, name, role FROM account
WHERE id = $1 AND role IN ('operator', 'duty_manager', 'admin') AND disabled_at IS NULL

-- find_offered --
-- To whom a case is offered. $1 case
SELECT t.id, t.to_account, t.kind, t.answer_by, a.name AS to_name FROM case_transfer t LEFT JOIN account a ON a.id = t.to_account
WHERE t.case_id = $1 AND t.state = 'offered'

-- find_name --
-- A colleague's name. $1 account
SELECT name FROM account WHERE id = $1

-- create_transfer --
-- An offer. $1 id $2 district $3 case $4 kind $5 from $6 to or null $7 reason $8 note $9 now $10 answer by
INSERT INTO case_transfer (id, district_id, case_id, kind, from_account, to_account, reason, note, state, offered_at, answer_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'offered', $9, $10)

-- find_transfer --
-- One transfer. $1 id
SELECT id, district_id, case_id, kind, from_account, to_account, reason, note, state, offered_at, answer_by
FROM case_transfer WHERE id = $1

-- answer_transfer --
-- The first answer counts. $1 id $2 state $3 by or null $4 now
UPDATE case_transfer SET state = $2, answered_by = $3, answered_at = $4 WHERE id = $1 AND state = 'offered' RETURNING id

-- void_offered --
-- What was offered of a case is so no more. $1 case $2 now
UPDATE case_transfer SET state = 'void', answered_at = $2 WHERE case_id = $1 AND state = 'offered' RETURNING id

-- give_case --
-- Another has it; when it was first claimed stays. $1 case $2 from whom $3 to whom $4 escalate at
UPDATE care_case SET claimed_by = $3, escalate_at = $4, away_told_at = NULL
WHERE id = $1 AND claimed_by = $2 AND state IN ('claimed', 'verified', 'dispatched', 'on_scene', 'resolved') RETURNING id

-- list_late --
-- Offers that nobody took in time. $1 now $2 most
SELECT id, case_id FROM case_transfer WHERE state = 'offered' AND answer_by <= $1 ORDER BY answer_by LIMIT $2

-- list_to --
-- What is offered to somebody, and what to whichever duty manager is first. $1 account $2 is a duty manager
SELECT t.id, t.case_id, t.kind, t.reason, t.note, t.offered_at, t.answer_by, f.name AS from_name, c.type, c.severity, c.state,
       c.elder_name, c.opened_at, c.class
FROM case_transfer t JOIN account f ON f.id = t.from_account JOIN case_shown c ON c.id = t.case_id
WHERE t.state = 'offered' AND c.state <> 'closed' AND t.from_account <> $1 AND (t.to_account = $1 OR ($2 AND t.to_account IS NULL))
ORDER BY c.severity, t.offered_at, t.id

-- list_mine --
-- What somebody has, gravest first, with what they have offered of it. $1 account
SELECT c.id, c.type, c.class, c.severity, c.state, c.opened_at, c.elder_name, c.caregiver_name, c.visit_state, c.community, c.care_bed_label,
       t.id AS transfer_id, t.kind AS transfer_kind, t.answer_by, coalesce(a.name, '') AS to_name, t.to_account,
       (SELECT note FROM case_entry e WHERE e.case_id = c.id AND e.note IS NOT NULL ORDER BY e.at DESC, e.id DESC LIMIT 1) AS last_note
FROM case_shown c LEFT JOIN case_transfer t ON t.case_id = c.id AND t.state = 'offered' LEFT JOIN account a ON a.id = t.to_account
WHERE c.claimed_by = $1 AND c.state IN ('claimed', 'verified', 'dispatched', 'on_scene', 'resolved')
ORDER BY c.severity, c.grade_rank, c.opened_at, c.id LIMIT 200

-- list_left --
-- Cases whose owner is at no console, for who may take them over. $1 seen before
SELECT c.id, c.type, c.class, c.severity, c.state, c.opened_at, c.elder_name, c.claimed_by, c.claimed_by_name, c.claimed_at, s.seen_at,
       EXISTS (SELECT FROM session n WHERE n.account_id = c.claimed_by AND n.revoked_at IS NULL AND n.expires_at > $2) AS has_session
FROM case_shown c LEFT JOIN operator_seen s ON s.account_id = c.claimed_by
WHERE c.state IN ('claimed', 'verified', 'dispatched', 'on_scene', 'resolved') AND c.claimed_by IS NOT NULL
  AND c.claimed_at < $1 AND coalesce(s.seen_at < $1, true)
ORDER BY c.severity, c.grade_rank, c.opened_at, c.id LIMIT 200

-- list_untold --
-- The same of those of whom the duty managers have not been told yet. $1 seen before $2 now
SELECT c.id FROM care_case c LEFT JOIN operator_seen s ON s.account_id = c.claimed_by
WHERE c.class = 'care' AND c.state IN ('claimed', 'verified', 'dispatched', 'on_scene', 'resolved') AND c.claimed_by IS NOT NULL
  AND c.claimed_at < $1 AND coalesce(s.seen_at < $1, NOT EXISTS (SELECT FROM session n WHERE n.account_id = c.claimed_by
                                                                AND n.revoked_at IS NULL AND n.expires_at > $2))
  AND (c.away_told_at IS NULL OR c.away_told_at < s.seen_at) ORDER BY c.severity, c.opened_at LIMIT 100

-- told_away --
-- They have been told. $1 case $2 owner $3 now
UPDATE care_case SET away_told_at = $3 WHERE id = $1 AND claimed_by = $2 RETURNING id
