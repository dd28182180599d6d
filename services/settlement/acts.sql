-- find_hands --
-- Who has checked, confirmed, or made a line of a statement; locked for a change of state. $1 statement
SELECT s.id, s.district_id, s.provider_id, s.month, s.state,
       ARRAY[s.checked_by, s.confirmed_by] || ARRAY(SELECT DISTINCT made_by FROM statement_line l WHERE l.statement_id = s.id)
       || ARRAY(SELECT DISTINCT decided_by FROM claim c WHERE c.statement_id = s.id AND c.decided_by IS NOT NULL) AS hands
FROM statement s WHERE s.id = $1 FOR UPDATE

-- confirm --
-- The provider agrees. $1 statement $2 account $3 now
UPDATE statement SET state = 'confirmed', confirmed_by = $2, confirmed_at = $3 WHERE id = $1 AND state = 'checked' RETURNING id

-- approve --
-- A second person agrees. $1 statement $2 account $3 now
UPDATE statement SET state = 'approved', approved_by = $2, approved_at = $3 WHERE id = $1 AND state = 'confirmed' RETURNING id

-- issue --
-- From here on nothing changes. $1 statement $2 account $3 now $4 payable
UPDATE statement SET state = 'issued', issued_by = $2, issued_at = $3, payable = $4 WHERE id = $1 AND state = 'approved' RETURNING id

-- reconcile --
-- What was paid is what was owed. $1 statement $2 now
UPDATE statement SET state = 'reconciled', reconciled_at = $2 WHERE id = $1 AND state = 'issued' RETURNING id

-- sum_statement --
-- What the district pays, and how it comes about. $1 statement
SELECT c.claims, c.amount, c.subsidy, c.copay, c.approved, c.rejected, l.lines, l.deductions,
       (c.approved + l.deductions)::numeric(14,2) AS payable
FROM (SELECT count(*)::int AS claims, coalesce(sum(amount), 0)::numeric(14,2) AS amount, coalesce(sum(subsidy), 0)::numeric(14,2) AS subsidy,
             coalesce(sum(copay), 0)::numeric(14,2) AS copay, coalesce(sum(coalesce(approved, subsidy)), 0)::numeric(14,2) AS approved,
             count(*) FILTER (WHERE state IN ('rejected', 'adjusted'))::int AS rejected FROM claim WHERE statement_id = $1) c,
     (SELECT count(*)::int AS lines, coalesce(sum(amount), 0)::numeric(14,2) AS deductions FROM statement_line WHERE statement_id = $1) l

-- sum_paid --
-- What has been paid on a statement. $1 statement
SELECT coalesce(sum(amount), 0)::numeric(14,2) FROM payment WHERE statement_id = $1

-- list_payments --
-- Payments on a statement. $1 statement
SELECT p.id, p.amount, p.paid_on, p.reference, f.name AS file FROM payment p JOIN payment_file f ON f.id = p.file_id WHERE p.statement_id = $1 ORDER BY p.paid_on, p.id
