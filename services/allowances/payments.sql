-- list_orders --
-- What the bank shall still pay of a list: never again what it has paid, or sent back. $1 list
SELECT p.reference, a.holder, a.bank, a.account_sealed, p.amount FROM allowance_payment p JOIN payee a ON a.id = p.payee_id
WHERE p.list_id = $1 AND p.state = 'pending' ORDER BY p.reference

-- list_payments --
-- A list's payments. $1 list $2 state or null $3 after this id or null $4 most or null
SELECT p.id, p.list_id, p.elder_id, e.name AS elder_name, p.reference, p.amount, p.state, p.reason, p.settled_on, a.account_tail, a.bank
FROM allowance_payment p JOIN elder e ON e.id = p.elder_id LEFT JOIN payee a ON a.id = p.payee_id
WHERE p.list_id = $1 AND ($2::text IS NULL OR p.state = $2) AND ($3::uuid IS NULL OR p.id > $3) ORDER BY p.id LIMIT $4

-- settle_payments --
-- What the bank says. $1 district $2 references $3 states $4 reasons $5 days $6 now $7 by
UPDATE allowance_payment p SET state = r.state, reason = r.reason, settled_on = r.day, settled_at = $6, settled_by = $7
FROM unnest($2::text[], $3::text[], $4::text[], $5::date[]) AS r (reference, state, reason, day)
WHERE p.district_id = $1 AND p.reference = r.reference AND p.state = 'pending'

-- count_pending --
-- How many payments wait for the bank. $1 list
SELECT count(*) FROM allowance_payment WHERE list_id = $1 AND state = 'pending'

-- reconcile_list --
-- The bank has said something of every payment. $1 list $2 now
UPDATE allowance_list SET state = 'reconciled', reconciled_at = $2 WHERE id = $1 AND state = 'issued'

-- sum_payments --
-- What became of a list's payments. $1 list
SELECT state, count(*) AS payments, sum(amount) AS amount FROM allowance_payment WHERE list_id = $1 GROUP BY state ORDER BY state
