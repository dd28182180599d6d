-- lock_statement --
-- Who decides about lines of one statement comes one after the other; before anything else is locked. $1 claim or line
SELECT id FROM statement
WHERE id = coalesce((SELECT statement_id FROM claim WHERE id = $1), (SELECT statement_id FROM statement_line WHERE id = $1)) FOR NO KEY UPDATE

-- find_claim --
-- A claim with the state of its statement, locked. $1 claim
SELECT c.id, c.district_id, c.provider_id, c.statement_id, c.state, c.amount, c.subsidy, c.approved, c.rejections, s.state AS statement_state, s.month
FROM claim c JOIN statement s ON s.id = c.statement_id WHERE c.id = $1 FOR UPDATE OF c FOR SHARE OF s

-- find_line --
-- A line with the state of its statement. $1 line
SELECT l.id, l.district_id, l.statement_id, l.claim_id, l.amount, l.kind, s.provider_id, s.state AS statement_state, s.month
FROM statement_line l JOIN statement s ON s.id = l.statement_id WHERE l.id = $1

-- decide_claim --
-- A person decides what a claim is worth. $1 claim $2 state $3 approved $4 codes $5 account $6 now
UPDATE claim SET state = $2, approved = $3, rejections = $4, decided_by = $5, decided_at = $6 WHERE id = $1

-- raise_dispute --
-- The provider's reason against one claim or line. $1 id $2 district $3 statement $4 claim $5 line $6 reason $7 words $8 account $9 now
INSERT INTO dispute (id, district_id, statement_id, claim_id, line_id, reason, words, raised_by, raised_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- find_dispute --
-- A dispute that waits for an answer, of a claim. $1 claim
SELECT id, statement_id, claim_id, line_id, raised_by FROM dispute WHERE claim_id = $1 AND outcome IS NULL FOR UPDATE

-- find_dispute_of_line --
-- A dispute that waits for an answer, of a line. $1 line
SELECT id, statement_id, claim_id, line_id, raised_by FROM dispute WHERE line_id = $1 AND outcome IS NULL FOR UPDATE

-- answer_dispute --
-- Its answer, once. $1 id $2 outcome $3 words $4 account $5 now
UPDATE dispute SET outcome = $2, answer = $3, answered_by = $4, answered_at = $5 WHERE id = $1 AND outcome IS NULL RETURNING id

-- send_back --
-- A checked statement of which something is disputed waits for the answer. $1 statement
UPDATE statement SET state = 'disputed' WHERE id = $1 AND state = 'checked'

-- hand_back --
-- Every dispute is answered: the provider looks again. $1 statement
UPDATE statement SET state = 'checked' WHERE id = $1 AND state = 'disputed'
  AND NOT EXISTS (SELECT FROM dispute d WHERE d.statement_id = $1 AND d.outcome IS NULL)

-- list_disputes --
-- Disputes, those that wait first. $1 statement or null $2 provider or null $3 only those that wait $4 most
SELECT d.id, d.statement_id, s.month, s.provider_id, p.name AS provider, d.claim_id, d.line_id, d.reason, d.words, d.raised_by, d.raised_at, d.outcome,
       d.answer, d.answered_at, e.name AS elder_name, c.service, c.service_on, c.subsidy, c.approved, c.rejections, l.kind AS line_kind, l.amount AS line_amount
FROM dispute d JOIN statement s ON s.id = d.statement_id JOIN provider p ON p.id = s.provider_id
LEFT JOIN claim c ON c.id = d.claim_id LEFT JOIN elder e ON e.id = c.elder_id LEFT JOIN statement_line l ON l.id = d.line_id
WHERE ($1::uuid IS NULL OR d.statement_id = $1) AND ($2::uuid IS NULL OR s.provider_id = $2) AND (NOT $3 OR d.outcome IS NULL)
ORDER BY d.outcome IS NOT NULL, d.raised_at, d.id LIMIT $4

-- list_rejected --
-- Claims of a statement against which something stands. $1 statement $2 after this id or null $3 most
SELECT c.id, c.visit_id, e.name AS elder_name, c.service, c.service_on, c.amount, c.subsidy, c.approved, c.state, c.rejections, d.id AS dispute_id,
       d.outcome, d.answer
FROM claim c JOIN elder e ON e.id = c.elder_id
LEFT JOIN LATERAL (SELECT id, outcome, answer FROM dispute WHERE claim_id = c.id ORDER BY raised_at DESC LIMIT 1) d ON true
WHERE c.statement_id = $1 AND c.rejections <> '{}' AND ($2::uuid IS NULL OR c.id > $2) ORDER BY c.id LIMIT $3

-- sum_corrections --
-- What lines of these kinds have added to a claim since it was issued. $1 claim $2 kinds
SELECT coalesce(sum(amount), 0) FROM statement_line WHERE claim_id = $1 AND kind = ANY ($2::text[])

-- is_taken_back --
-- Say whether a line was disputed with success: its opposite is there. $1 line
SELECT EXISTS (SELECT FROM dispute WHERE line_id = $1 AND outcome = 'upheld')

-- find_quota --
-- The quota that a claim was spent from. $1 claim
SELECT e.elder_id, e.scheme_id, e.month FROM claim c JOIN entitlement e ON e.id = c.entitlement_id WHERE c.id = $1
