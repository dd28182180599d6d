-- propose --
-- A ceiling that waits for a second person. $1 id $2 district $3 year $4 scheme code or null $5 service or null $6 ceiling $7 account $8 now
INSERT INTO budget (id, district_id, year, scheme_code, service, ceiling, proposed_by, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- find_budget --
-- One budget, locked. $1 id
SELECT id, district_id, year, scheme_code, service, ceiling, proposed_by, signed_at, ended_at FROM budget WHERE id = $1 FOR UPDATE

-- lock_year --
-- Ceilings of a year come into force one after the other. $1 district $2 year
SELECT pg_advisory_xact_lock(hashtextextended('budget ' || $1::text || ' ' || $2::text, 0))

-- end_earlier --
-- The ceiling in force before ends. $1 year $2 scheme code or null $3 service or null $4 now
UPDATE budget SET ended_at = $4 WHERE year = $1 AND scheme_code IS NOT DISTINCT FROM $2 AND service IS NOT DISTINCT FROM $3
  AND signed_at IS NOT NULL AND ended_at IS NULL

-- sign --
-- A second person agrees; once. $1 id $2 account $3 now
UPDATE budget SET signed_by = $2, signed_at = $3 WHERE id = $1 AND signed_at IS NULL AND ended_at IS NULL RETURNING id

-- list_budgets --
-- Budgets of a year in force, and those that wait for a second person. $1 year
SELECT b.id, b.year, b.scheme_code, b.service, b.ceiling, b.proposed_by, p.name AS proposed_by_name, b.proposed_at, b.signed_at, s.name AS signed_by_name
FROM budget b JOIN account p ON p.id = b.proposed_by LEFT JOIN account s ON s.id = b.signed_by
WHERE b.year = $1 AND b.ended_at IS NULL ORDER BY b.scheme_code NULLS FIRST, b.service NULLS FIRST, b.proposed_at

-- list_spent --
-- What claims and the lines beside them cost the district in a year, by scheme, service and month. $1 first day $2 last day
SELECT scheme, service, month, sum(amount)::numeric(14,2) AS spent FROM (
  SELECT s.code AS scheme, c.service, c.month, coalesce(c.approved, c.subsidy) AS amount
  FROM claim c JOIN scheme s ON s.id = c.scheme_id WHERE c.month BETWEEN $1 AND $2
  UNION ALL
  SELECT s.code, c.service, c.month, l.amount
  FROM statement_line l JOIN claim c ON c.id = l.claim_id JOIN scheme s ON s.id = c.scheme_id
  WHERE l.kind IN ('correction', 'voucher') AND c.month BETWEEN $1 AND $2) cost
GROUP BY scheme, service, month ORDER BY scheme, service, month

-- warn --
-- Say it once a level. $1 budget $2 district $3 level $4 spent $5 day it breaks or null $6 now
INSERT INTO budget_warning (budget_id, district_id, level, spent, breaks_on, warned_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING level

-- list_warnings --
-- Warnings of a year, newest first. $1 year
SELECT w.budget_id, w.level, w.spent, w.breaks_on, w.warned_at, b.scheme_code, b.service, b.ceiling
FROM budget_warning w JOIN budget b ON b.id = w.budget_id WHERE b.year = $1 ORDER BY w.warned_at DESC, w.level DESC
