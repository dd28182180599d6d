-- list_budgets --
-- The ceilings of a year that are in force. $1 year
SELECT b.id, b.year, b.scheme_code, b.service, b.ceiling, max(s.name) AS scheme_name, max(w.level) AS warned
FROM budget b LEFT JOIN scheme s ON s.code = b.scheme_code LEFT JOIN budget_warning w ON w.budget_id = b.id
WHERE b.year = $1 AND b.signed_at IS NOT NULL AND b.ended_at IS NULL
GROUP BY b.id ORDER BY b.scheme_code NULLS FIRST, b.service NULLS FIRST, b.id

-- list_spent --
-- What the district pays, by month, scheme and service. $1 first month $2 last month
SELECT p.month, coalesce(s.code, '') AS scheme_code, p.service, sum(p.approved)::numeric(14,2) AS approved
FROM purchase p LEFT JOIN scheme s ON s.id = p.scheme_id WHERE p.month BETWEEN $1 AND $2 GROUP BY 1, 2, 3
