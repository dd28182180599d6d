-- lock_chain --
-- One list after the other joins the district's chain. $1 district
SELECT pg_advisory_xact_lock(hashtext('allowance ' || $1))

-- find_head --
-- The last of the chain.
SELECT number, hash FROM allowance_list WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1

-- find_for_hash --
-- What of a list is hashed. $1 list
SELECT scheme_code, month, total, created_by, checked_by, approved_by FROM allowance_list WHERE id = $1

-- list_for_hash --
-- A list's lines in the order of the hash. $1 list
SELECT id, elder_id, kind, for_month, amount, previous, change, reasons, explanation, payment_id, correction_id FROM allowance_line
WHERE list_id = $1 ORDER BY elder_id, id

-- sum_people --
-- What each person is paid, with the account that is known. $1 list
SELECT n.elder_id, sum(n.amount) AS amount, p.id AS payee_id FROM allowance_line n
LEFT JOIN payee p ON p.elder_id = n.elder_id AND p.ended_at IS NULL
WHERE n.list_id = $1 GROUP BY n.elder_id, p.id HAVING sum(n.amount) > 0 ORDER BY n.elder_id

-- create_payment --
-- A payment of an issued list. $1 id $2 district $3 list $4 elder $5 reference $6 payee or null $7 amount $8 state
INSERT INTO allowance_payment (id, district_id, list_id, elder_id, reference, payee_id, amount, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- issue_list --
-- Frozen. $1 list $2 by $3 now $4 number $5 hash before $6 hash
UPDATE allowance_list SET state = 'issued', issued_by = $2, issued_at = $3, number = $4, previous_hash = $5, hash = $6
WHERE id = $1 AND state = 'approved'

-- list_chain --
-- The chain of issued lists.
SELECT id, number, previous_hash, hash FROM allowance_list WHERE number IS NOT NULL ORDER BY number
