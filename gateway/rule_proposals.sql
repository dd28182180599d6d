-- drop_open --
-- What still waits for this rule and person gives way. $1 rule $2 elder
DELETE FROM rule_proposal WHERE state = 'proposed' AND rule = $1 AND elder_id IS NOT DISTINCT FROM $2

-- insert_proposal --
-- Propose. $1 id $2 district $3 elder $4 rule $5 params $6 effect $7 now
INSERT INTO rule_proposal (id, district_id, elder_id, rule, params, effect, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- find_proposal --
-- One proposal. $1 id
SELECT id, elder_id, rule, params, effect, state, proposed_at, decided_at, decided_by, alarm_rule_id
FROM rule_proposal WHERE id = $1

-- list_proposals --
-- Proposals, newest first. $1 state $2 after $3 limit
SELECT id, elder_id, rule, params, effect, state, proposed_at, decided_at, decided_by, alarm_rule_id
FROM rule_proposal WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3

-- decide --
-- Decide a proposal once. $1 id $2 state $3 now $4 account $5 the rule that it became
UPDATE rule_proposal SET state = $2, decided_at = $3, decided_by = $4, alarm_rule_id = $5
WHERE id = $1 AND state = 'proposed' RETURNING id
