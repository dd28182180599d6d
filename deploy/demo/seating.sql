-- find_closed --
-- A closed care case of two steps' length that nobody has passed on, its operator, and another operator.
SELECT c.id, c.claimed_by, c.claimed_at, f.name AS from_name, o.id AS other, o.name AS to_name FROM care_case c
JOIN account f ON f.id = c.claimed_by AND f.role = 'operator'
JOIN account o ON o.role = 'operator' AND o.district_id = c.district_id AND o.id <> c.claimed_by AND o.disabled_at IS NULL
WHERE c.class = 'care' AND c.state = 'closed' AND c.closed_at > c.claimed_at + interval '3 minutes'
  AND NOT EXISTS (SELECT FROM case_transfer) ORDER BY c.closed_at DESC, o.login LIMIT 1

-- add_transfer --
-- A transfer that was taken. $1 id $2 district $3 case $4 from $5 to $6 note $7 offered $8 answer by $9 answered
INSERT INTO case_transfer (id, district_id, case_id, kind, from_account, to_account, reason, note, state, offered_at, answer_by,
                           answered_at, answered_by)
VALUES ($1, $2, $3, 'transfer', $4, $5, 'knows_person', $6, 'accepted', $7, $8, $9, $5)

-- add_entry --
-- A line of its timeline. $1 id $2 district $3 case $4 at $5 account $6 action $7 note $8 data
INSERT INTO case_entry (id, district_id, case_id, at, account_id, action, from_state, to_state, note, data)
VALUES ($1, $2, $3, $4, $5, $6, 'claimed', 'claimed', $7, $8)
