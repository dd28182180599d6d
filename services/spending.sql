-- list_open_lines --
-- The claims of an entitlement that may still change; their statements stay drafts until the commit. $1 entitlement
SELECT c.id, c.visit_id, c.started_at, c.service_on, c.service, c.unit_price, c.units, c.subsidy, c.grade, c.explanation, c.flags
FROM claim c JOIN statement s ON s.id = c.statement_id WHERE c.entitlement_id = $1 AND s.state = 'draft'
ORDER BY c.started_at, c.visit_id FOR SHARE OF s

-- sum_closed --
-- What claims in statements that are no longer drafts have used, and how many visits they are: as asked until the statement is issued
-- (an appeal may still be upheld), then as paid, with corrections. $1 entitlement
SELECT coalesce(sum(CASE WHEN s.state IN ('issued', 'reconciled') THEN coalesce(c.approved, c.subsidy) + coalesce(l.more, 0) ELSE c.subsidy END), 0) AS used,
       count(*)::int AS visits
FROM claim c JOIN statement s ON s.id = c.statement_id
LEFT JOIN LATERAL (SELECT sum(amount) AS more FROM statement_line WHERE claim_id = c.id AND kind = 'correction') l ON true
WHERE c.entitlement_id = $1 AND s.state <> 'draft'

-- flag_no_rate --
-- The month has no rate for the day of a claim any more. $1 id $2 flags
UPDATE claim SET flags = $2 WHERE id = $1 AND flags <> $2

-- change_claim --
-- A draft's claim priced anew. $1 id $2 amount $3 subsidy $4 copay $5 grade $6 explanation $7 flags
UPDATE claim SET amount = $2, subsidy = $3, copay = $4, grade = $5, explanation = $6, flags = $7, approved = CASE WHEN approved > $3 THEN $3 ELSE approved END
WHERE id = $1
