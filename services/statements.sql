-- find_open --
-- The provider's statement of a month. $1 provider $2 month
SELECT id, state FROM statement WHERE provider_id = $1 AND month = $2 FOR SHARE

-- open_statement --
-- The draft of a provider and month, once. $1 id $2 district $3 provider $4 month $5 now
INSERT INTO statement (id, district_id, provider_id, month, state, created_at) VALUES ($1, $2, $3, $4, 'draft', $5)
ON CONFLICT (provider_id, month) DO NOTHING

-- list_statements --
-- Statements with their sums. $1 month or null $2 provider or null $3 after this id or null $4 most
SELECT s.id, s.provider_id, p.name AS provider, s.month, s.state, s.created_at, coalesce(t.total, 0)::numeric(14,2) AS total,
       coalesce(t.subsidy, 0)::numeric(14,2) AS subsidy, coalesce(t.copay, 0)::numeric(14,2) AS copay,
       coalesce(t.claims, 0) AS claims, coalesce(t.flagged, 0) AS flagged, coalesce(t.rejected, 0) AS rejected,
       coalesce(t.approved, 0)::numeric(14,2) AS approved, coalesce(l.deductions, 0)::numeric(14,2) AS deductions,
       (coalesce(t.approved, 0) + coalesce(l.deductions, 0))::numeric(14,2) AS payable, n.number
FROM statement s JOIN provider p ON p.id = s.provider_id
LEFT JOIN LATERAL (SELECT sum(amount) AS total, sum(subsidy) AS subsidy, sum(copay) AS copay, count(*) AS claims,
                          count(*) FILTER (WHERE flags <> '{}') AS flagged, sum(coalesce(approved, subsidy)) AS approved,
                          count(*) FILTER (WHERE c.state IN ('rejected', 'adjusted')) AS rejected
                   FROM claim c WHERE c.statement_id = s.id) t ON true
LEFT JOIN LATERAL (SELECT sum(amount) AS deductions FROM statement_line WHERE statement_id = s.id) l ON true
LEFT JOIN statement_seal n ON n.statement_id = s.id
WHERE ($1::date IS NULL OR s.month = $1) AND ($2::uuid IS NULL OR s.provider_id = $2) AND ($3::uuid IS NULL OR s.id > $3)
ORDER BY s.id LIMIT $4

-- find_statement --
-- One statement with its sums. $1 id
SELECT s.id, s.provider_id, p.name AS provider, s.month, s.state, s.created_at, coalesce(t.total, 0)::numeric(14,2) AS total,
       coalesce(t.subsidy, 0)::numeric(14,2) AS subsidy, coalesce(t.copay, 0)::numeric(14,2) AS copay,
       coalesce(t.claims, 0) AS claims, coalesce(t.flagged, 0) AS flagged, coalesce(t.rejected, 0) AS rejected,
       coalesce(t.approved, 0)::numeric(14,2) AS approved, coalesce(l.deductions, 0)::numeric(14,2) AS deductions,
       (coalesce(t.approved, 0) + coalesce(l.deductions, 0))::numeric(14,2) AS payable, n.number
FROM statement s JOIN provider p ON p.id = s.provider_id
LEFT JOIN LATERAL (SELECT sum(amount) AS total, sum(subsidy) AS subsidy, sum(copay) AS copay, count(*) AS claims,
                          count(*) FILTER (WHERE flags <> '{}') AS flagged, sum(coalesce(approved, subsidy)) AS approved,
                          count(*) FILTER (WHERE c.state IN ('rejected', 'adjusted')) AS rejected
                   FROM claim c WHERE c.statement_id = s.id) t ON true
LEFT JOIN LATERAL (SELECT sum(amount) AS deductions FROM statement_line WHERE statement_id = s.id) l ON true
LEFT JOIN statement_seal n ON n.statement_id = s.id
WHERE s.id = $1

-- find_provider --
-- Whose statement it is. $1 id
SELECT provider_id FROM statement WHERE id = $1
