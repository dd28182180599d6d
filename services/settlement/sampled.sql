-- list_unsampled --
-- Checked statements with claims of which no sample is drawn yet. $1 most
SELECT s.id, s.district_id, s.month, s.provider_id FROM statement s
WHERE s.state IN ('checked', 'disputed') AND NOT EXISTS (SELECT FROM audit_sample a WHERE a.statement_id = s.id)
  AND EXISTS (SELECT FROM claim c WHERE c.statement_id = s.id)
ORDER BY s.checked_at, s.id LIMIT $1
