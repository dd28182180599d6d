-- list_waiting --
-- What waits for a second person: the oldest of each kind, with how many there are and their sum; is_own: the reader did the first step,
-- so somebody else must. $1 account $2 now $3 most of a kind
WITH waiting (kind, id, name, month, amount, since, is_own) AS (
  SELECT 'statement', s.id, p.name, s.month, t.amount, coalesce(s.confirmed_at, s.created_at), s.checked_by IS NOT DISTINCT FROM $1::uuid
  FROM statement s JOIN provider p ON p.id = s.provider_id
  LEFT JOIN LATERAL (SELECT sum(c.subsidy) AS amount FROM claim c WHERE c.statement_id = s.id) t ON true WHERE s.state = 'confirmed'
  UNION ALL
  SELECT 'statement_issue', s.id, p.name, s.month, s.payable, s.approved_at, false
  FROM statement s JOIN provider p ON p.id = s.provider_id WHERE s.state = 'approved'
  UNION ALL
  SELECT 'allowance', l.id, coalesce(l.scheme_name, l.scheme_code), l.month, l.total, l.checked_at,
         $1::uuid IN (l.checked_by, l.created_by) FROM allowance_list_shown l WHERE l.state = 'checked'
  UNION ALL
  SELECT 'allowance_issue', l.id, coalesce(l.scheme_name, l.scheme_code), l.month, l.total, l.approved_at, false
  FROM allowance_list_shown l WHERE l.state = 'approved'
  UNION ALL
  SELECT 'scheme', s.id, s.name, s.effective_from, NULL, s.created_at, s.proposed_by IS NOT DISTINCT FROM $1::uuid
  FROM scheme s WHERE s.state = 'draft'
  UNION ALL
  SELECT 'correction', c.line_id, e.name, c.for_month, c.amount, c.made_at, c.made_by = $1::uuid FROM allowance_correction c
  JOIN elder e ON e.id = c.elder_id WHERE c.withdrawn_at IS NULL AND NOT EXISTS (SELECT FROM allowance_line n WHERE n.correction_id = c.id)
  UNION ALL
  SELECT 'care_plan', c.id, e.name, c.valid_from, NULL, c.created_at, c.created_by = $1::uuid
  FROM care_plan c JOIN elder e ON e.id = c.elder_id WHERE c.state = 'draft'
  UNION ALL
  SELECT 'death', d.id, e.name, d.died_on, NULL, d.decided_at, d.decided_by = $1::uuid
  FROM death_event d JOIN elder e ON e.id = d.elder_id WHERE d.state = 'confirmed' AND d.decided_at > $2::timestamptz - interval '30 days'
), ranked AS (
  SELECT w.*, count(*) OVER (PARTITION BY kind) AS count, sum(amount) OVER (PARTITION BY kind) AS total,
         row_number() OVER (PARTITION BY kind ORDER BY since, id) AS place FROM waiting w
)
SELECT kind, id, name, month, amount, since, is_own, count, total FROM ranked WHERE place <= $3 ORDER BY kind, place
