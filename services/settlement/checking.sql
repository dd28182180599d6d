-- move_to_checked --
-- The draft is closed; once. $1 statement $2 account or null $3 now
UPDATE statement SET state = 'checked', checked_by = $2, checked_at = $3 WHERE id = $1 AND state = 'draft'
RETURNING district_id, provider_id, month

-- find_terms --
-- The terms of the provider's newest contract that holds in a month. $1 provider $2 month $3 its last day
SELECT c.number, t.response_minutes, t.late_penalty, t.hours_most, t.hours_least, t.hours_penalty, coalesce(t.overlap_minutes, 5) AS overlap_minutes
FROM contract c LEFT JOIN contract_term t ON t.contract_id = c.id
WHERE c.provider_id = $1 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to >= $2)
ORDER BY c.valid_from DESC, c.number DESC LIMIT 1

-- quicken --
-- One plan whatever statistics say (they are older than the run's claims): tables by keys, everything else hashed; until `calm`.
SELECT set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('enable_seqscan', 'off', true),
       set_config('enable_bitmapscan', 'off', true), set_config('jit', 'off', true), set_config('work_mem', '64MB', true)

-- calm --
-- Plans as always.
SELECT set_config('enable_nestloop', 'on', true), set_config('enable_mergejoin', 'on', true), set_config('enable_seqscan', 'on', true),
       set_config('enable_bitmapscan', 'on', true)

-- judge_claims --
-- Reject or adjust what does not hold: codes out of the records as they stand now. $1 statement $2 provider $3 minutes two visits may
-- overlap $4 hours of the month that are paid, or null $5 now
WITH own AS MATERIALIZED (
  SELECT c.id, c.visit_id, c.elder_id, c.service, c.service_on, c.month, c.units, c.unit_price, c.amount, c.subsidy, c.scheme_id
  FROM claim c WHERE c.statement_id = $1
), near AS MATERIALIZED (
  SELECT c.id, c.visit_id FROM statement t
  CROSS JOIN LATERAL (SELECT id, visit_id, month FROM claim WHERE statement_id = t.id AND state <> 'rejected' OFFSET 0) c
  WHERE t.provider_id = $2 AND t.id <> $1 AND t.month BETWEEN (SELECT min(month) FROM own) AND (SELECT max(month) FROM own) + interval '1 month'
    AND c.month IN (SELECT month FROM own)
), span AS (
  SELECT o.id, true AS is_own, v.caregiver_id, v.elder_id, v.service, v.state, v.started_at, v.ended_at
  FROM own o JOIN visit v ON v.id = o.visit_id AND v.id = ANY (ARRAY(SELECT visit_id FROM own))
  UNION ALL
  SELECT n.id, false, v.caregiver_id, v.elder_id, v.service, v.state, v.started_at, v.ended_at
  FROM near n JOIN visit v ON v.id = n.visit_id AND v.id = ANY (ARRAY(SELECT visit_id FROM near))
), timed AS (
  SELECT s.id, s.is_own, s.state,
         coalesce(s.caregiver_id IS NOT NULL AND max(s.ended_at) OVER g > s.started_at + make_interval(mins => $3), false) AS overlaps,
         coalesce(max(s.ended_at) OVER e > s.started_at + make_interval(mins => $3), false) AS twice,
         sum(CASE WHEN s.is_own THEN extract(epoch FROM s.ended_at - s.started_at) / 3600 ELSE 0 END) OVER h AS hours
  FROM span s
  WINDOW g AS (PARTITION BY s.caregiver_id ORDER BY s.started_at, s.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
         e AS (PARTITION BY s.elder_id, s.service ORDER BY s.started_at, s.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
         h AS (ORDER BY s.started_at, s.id)
), price AS MATERIALIZED (
  SELECT DISTINCT ON (d.service, d.day) d.service, d.day, p.price
  FROM (SELECT DISTINCT service, service_on AS day FROM own) d
  JOIN contract c ON c.provider_id = $2 AND c.valid_from <= d.day AND (c.valid_to IS NULL OR c.valid_to >= d.day)
  JOIN contract_price p ON p.contract_id = c.id AND p.service = d.service
  ORDER BY d.service, d.day, c.valid_from DESC, c.number DESC
), day AS MATERIALIZED (
  SELECT DISTINCT elder_id, scheme_id, service_on FROM own
), person AS MATERIALIZED (
  SELECT DISTINCT elder_id FROM own
), away AS MATERIALIZED (
  SELECT DISTINCT d.elder_id, d.service_on FROM person p
  CROSS JOIN LATERAL (SELECT starts_on, ends_on FROM absence WHERE elder_id = p.elder_id OFFSET 0) b
  JOIN day d ON d.elder_id = p.elder_id AND b.starts_on < d.service_on AND (b.ends_on IS NULL OR b.ends_on > d.service_on)
), entered AS MATERIALIZED (
  SELECT DISTINCT d.elder_id, d.scheme_id, d.service_on FROM person p
  CROSS JOIN LATERAL (SELECT scheme_code, valid_from, valid_to FROM enrolment WHERE elder_id = p.elder_id OFFSET 0) m
  JOIN scheme s ON s.code = m.scheme_code
  JOIN day d ON d.elder_id = p.elder_id AND d.scheme_id = s.id AND m.valid_from <= d.service_on AND (m.valid_to IS NULL OR m.valid_to >= d.service_on)
), judged AS (
  SELECT o.id, o.subsidy, o.amount, o.units, p.price,
         array_remove(ARRAY[
           CASE WHEN f.verdict IS NULL THEN 'no_proof' WHEN f.verdict = 'contradicted' THEN 'contradicted' END,
           CASE WHEN t.state <> 'verified' THEN 'visit_changed' END,
           CASE WHEN t.overlaps THEN 'overlapping' END,
           CASE WHEN t.twice THEN 'duplicate_visit' END,
           CASE WHEN t.hours > $4::numeric THEN 'over_hours' END,
           CASE WHEN p.price IS NULL OR o.unit_price > p.price THEN 'over_price' END,
           CASE WHEN l.died_on < o.service_on THEN 'after_death' END,
           CASE WHEN a.elder_id IS NOT NULL THEN 'absent' END,
           CASE WHEN o.subsidy > 0 AND n.elder_id IS NULL THEN 'not_enrolled' END,
           CASE WHEN h.visit_id IS NOT NULL THEN 'duplicate_photo' END], NULL) AS codes
  FROM own o JOIN timed t ON t.id = o.id JOIN elder l ON l.id = o.elder_id AND l.id = ANY (ARRAY(SELECT DISTINCT elder_id FROM own))
  LEFT JOIN visit_proof f ON f.visit_id = o.visit_id AND f.visit_id = ANY (ARRAY(SELECT visit_id FROM own))
  LEFT JOIN price p ON p.service = o.service AND p.day = o.service_on
  LEFT JOIN away a ON a.elder_id = o.elder_id AND a.service_on = o.service_on
  LEFT JOIN entered n ON n.elder_id = o.elder_id AND n.scheme_id = o.scheme_id AND n.service_on = o.service_on
  LEFT JOIN (SELECT DISTINCT visit_id FROM visit_photo WHERE same_as IS NOT NULL AND visit_id = ANY (ARRAY(SELECT visit_id FROM own))) h
    ON h.visit_id = o.visit_id
), decided AS (
  SELECT id, codes, CASE WHEN codes = '{over_price}' AND price IS NOT NULL
                         THEN greatest(subsidy - (amount - round(price * units, 2)), 0) ELSE 0 END AS approved
  FROM judged WHERE codes <> '{}'
), changed AS (
  UPDATE claim c SET rejections = d.codes, approved = d.approved, decided_at = $5,
         state = CASE WHEN d.approved > 0 AND d.approved < c.subsidy THEN 'adjusted' WHEN d.approved = c.subsidy AND d.approved > 0 THEN 'approved' ELSE 'rejected' END
  FROM decided d WHERE c.id = d.id AND c.id = ANY (ARRAY(SELECT id FROM decided)) RETURNING c.id
)
SELECT count(*)::int FROM changed

-- list_late --
-- Emergency visits of a statement that came later than the contract allows. $1 statement $2 minutes
SELECT v.id, c.id AS claim_id, floor(extract(epoch FROM v.started_at - v.wanted_at) / 60)::int AS minutes
FROM claim c JOIN visit v ON v.id = c.visit_id
WHERE c.statement_id = $1 AND v.case_id IS NOT NULL AND v.started_at > v.wanted_at + make_interval(mins => $2)
ORDER BY v.started_at, v.id

-- sum_hours --
-- Hours of visits that are paid. $1 statement
SELECT coalesce(round(sum(extract(epoch FROM v.ended_at - v.started_at) / 3600), 2), 0) FROM claim c JOIN visit v ON v.id = c.visit_id
WHERE c.statement_id = $1 AND c.state <> 'rejected'

-- add_line --
-- A line beside the claims. $1 id $2 district $3 statement $4 kind $5 claim $6 line $7 visit $8 amount $9 explanation $10 account $11 now
INSERT INTO statement_line (id, district_id, statement_id, kind, claim_id, line_id, visit_id, amount, explanation, made_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- add_entry --
-- What happened to a statement. $1 id $2 district $3 statement $4 now $5 account or null $6 action $7 detail
INSERT INTO statement_entry (id, district_id, statement_id, at, account_id, action, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- list_entries --
-- What happened to a statement, in order. $1 statement
SELECT e.id, e.at, e.account_id, a.name AS account_name, a.role, e.action, e.detail FROM statement_entry e LEFT JOIN account a ON a.id = e.account_id
WHERE e.statement_id = $1 ORDER BY e.id

-- list_lines --
-- The lines of a statement beside its claims, in order. $1 statement
SELECT l.id, l.kind, l.claim_id, l.line_id, l.visit_id, l.amount, l.explanation, l.made_by, a.name AS made_by_name, l.made_at,
       e.name AS elder_name, d.id AS dispute_id, d.outcome AS dispute_outcome
FROM statement_line l LEFT JOIN account a ON a.id = l.made_by LEFT JOIN claim c ON c.id = l.claim_id LEFT JOIN elder e ON e.id = c.elder_id
LEFT JOIN LATERAL (SELECT id, outcome FROM dispute WHERE line_id = l.id ORDER BY raised_at DESC LIMIT 1) d ON true
WHERE l.statement_id = $1 ORDER BY l.made_at, l.id
