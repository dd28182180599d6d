-- create_complaint --
-- A complaint. $1 id $2 district $3 source $4 number $5 kind $6 urgency $7 elder $8 provider $9 visit $10 sealed text $11 sealed contact
-- $12 received $13 by $14 due
INSERT INTO complaint (id, district_id, source, number, kind, urgency, elder_id, provider_id, visit_id, text_sealed, contact_sealed,
                       received_at, received_by, due_at, escalate_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)

-- add_entry --
-- A line of its story. $1 id $2 district $3 complaint $4 at $5 account $6 action $7 detail $8 sealed note
INSERT INTO complaint_entry (id, district_id, complaint_id, at, account_id, action, detail, note_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- find_visit --
-- Whom a visit belongs to. $1 visit
SELECT elder_id, provider_id FROM visit WHERE id = $1

-- list_complaints --
-- Complaints, the newest first. $1 state or null $2 provider or null $3 elder or null $4 late as of this instant or null
-- $5 visit or null $6 before this id or null $7 source or null $8 who took it or null $9 most
SELECT c.id, c.district_id, c.source, c.number, c.kind, c.urgency, c.elder_id, e.name AS elder_name, c.provider_id, p.name AS provider,
       c.visit_id, c.received_at, c.due_at, c.state, c.assigned_at, c.answered_at, c.outcome, c.is_satisfied, c.closed_at, c.level
FROM complaint c LEFT JOIN elder e ON e.id = c.elder_id LEFT JOIN provider p ON p.id = c.provider_id
WHERE ($1::text IS NULL OR c.state = $1 OR $1 = 'live' AND c.state <> 'closed') AND ($2::uuid IS NULL OR c.provider_id = $2 AND c.assigned_at IS NOT NULL)
  AND ($3::uuid IS NULL OR c.elder_id = $3) AND ($4::timestamptz IS NULL OR c.due_at < $4 AND c.state IN ('open', 'assigned'))
  AND ($5::uuid IS NULL OR c.visit_id = $5) AND ($6::uuid IS NULL OR c.id < $6)
  AND ($7::text IS NULL OR c.source = $7) AND ($8::uuid IS NULL OR c.received_by = $8)
ORDER BY c.id DESC LIMIT $9

-- find_complaint --
-- One complaint with what is sealed. $1 id
SELECT c.id, c.district_id, c.source, c.number, c.kind, c.urgency, c.elder_id, e.name AS elder_name, c.provider_id, p.name AS provider,
       c.visit_id, c.text_sealed, c.contact_sealed, c.received_at, c.received_by, c.due_at, c.state, c.assigned_at, c.answer_sealed,
       c.answered_at, c.answered_by, a.name AS answered_name, c.outcome, c.is_satisfied, c.closed_at, c.closed_by, z.name AS closed_name,
       c.level, v.service, v.started_at
FROM complaint c LEFT JOIN elder e ON e.id = c.elder_id LEFT JOIN provider p ON p.id = c.provider_id
LEFT JOIN account a ON a.id = c.answered_by LEFT JOIN account z ON z.id = c.closed_by LEFT JOIN visit v ON v.id = c.visit_id
WHERE c.id = $1

-- list_entries --
-- Its story, oldest first. $1 complaint
SELECT t.id, t.at, t.account_id, a.name AS by_name, a.role, t.action, t.detail, t.note_sealed
FROM complaint_entry t LEFT JOIN account a ON a.id = t.account_id WHERE t.complaint_id = $1 ORDER BY t.at, t.id LIMIT 200

-- assign --
-- Give it to a provider, without what another has answered (its line in the story keeps that). $1 id $2 provider $3 now
UPDATE complaint SET state = 'assigned', provider_id = $2, assigned_at = $3,
       answer_sealed = CASE WHEN provider_id = $2 THEN answer_sealed END
WHERE id = $1 AND state IN ('open', 'assigned')
RETURNING true

-- answer --
-- The provider has answered; nobody is told of its lateness any more. $1 id $2 sealed answer $3 by $4 now
UPDATE complaint SET state = 'answered', answer_sealed = $2, answered_by = $3, answered_at = $4, escalate_at = NULL
WHERE id = $1 AND state = 'assigned' RETURNING true

-- give_back --
-- The answer is not good enough. $1 id $2 when it is escalated again
UPDATE complaint SET state = 'assigned', answered_by = NULL, answered_at = NULL, escalate_at = $2 WHERE id = $1 AND state = 'answered'
RETURNING true

-- close --
-- It is over. $1 id $2 outcome $3 satisfied $4 by $5 now $6 from these states
UPDATE complaint SET state = 'closed', outcome = $2, is_satisfied = $3, closed_by = $4, closed_at = $5, escalate_at = NULL
WHERE id = $1 AND state = ANY ($6::text[]) RETURNING true

-- link --
-- Say which visit it is about. $1 id $2 visit $3 elder
UPDATE complaint SET visit_id = $2, elder_id = $3 WHERE id = $1 AND state <> 'closed' RETURNING true

-- take_late --
-- The unanswered complaint that has waited longest for its next step. $1 now
SELECT id, level, due_at, elder_id, visit_id FROM complaint WHERE escalate_at <= $1 ORDER BY escalate_at, id LIMIT 1 FOR UPDATE SKIP LOCKED

-- escalate --
-- One step higher. $1 id $2 from level $3 when next
UPDATE complaint SET level = $2 + 1, escalate_at = $3 WHERE id = $1 AND level = $2 RETURNING true
