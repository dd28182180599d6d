-- list_statements --
-- A provider's statements with what waits in each, newest first. $1 provider or null $2 most
SELECT s.id, p.name AS provider, s.month, s.state, n.number, c.claims, c.subsidy, c.approved, c.rejected, c.undisputed, l.deductions,
       (c.approved + l.deductions)::numeric(14,2) AS payable, d.waiting
FROM statement s JOIN provider p ON p.id = s.provider_id LEFT JOIN statement_seal n ON n.statement_id = s.id
CROSS JOIN LATERAL (
  SELECT count(*)::int AS claims, coalesce(sum(subsidy), 0)::numeric(14,2) AS subsidy, coalesce(sum(coalesce(approved, subsidy)), 0)::numeric(14,2) AS approved,
         count(*) FILTER (WHERE rejections <> '{}')::int AS rejected,
         count(*) FILTER (WHERE rejections <> '{}' AND c.state <> 'approved' AND NOT EXISTS (SELECT FROM dispute x WHERE x.claim_id = c.id))::int AS undisputed
  FROM claim c WHERE c.statement_id = s.id) c
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0)::numeric(14,2) AS deductions FROM statement_line WHERE statement_id = s.id) l
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE outcome IS NULL)::int AS waiting FROM dispute WHERE statement_id = s.id) d
WHERE $1::uuid IS NULL OR s.provider_id = $1 ORDER BY s.month DESC, p.name, s.id LIMIT $2
