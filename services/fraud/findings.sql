-- keep_findings --
-- New findings, and those of before renewed; what a person decided keeps its state. $1 district $2 month $3 now $4 findings as json
INSERT INTO finding (id, district_id, month, kind, key, is_main, severity, provider_id, caregiver_id, elder_id, visit_id, visit_ids, is_pair,
                     score, amount, evidence, state, found_at, seen_at)
SELECT f.id, $1, $2, f.kind, f.key, f.is_main, f.severity, f.provider_id, f.caregiver_id, f.elder_id, f.visit_id,
       ARRAY(SELECT jsonb_array_elements_text(f.visit_ids)::uuid), f.is_pair, f.score, f.amount, f.evidence, 'open', $3, $3
FROM jsonb_to_recordset($4::jsonb) AS f (id uuid, kind text, key text, is_main boolean, severity text, provider_id uuid, caregiver_id uuid,
  elder_id uuid, visit_id uuid, visit_ids jsonb, is_pair boolean, score numeric, amount numeric, evidence jsonb)
ON CONFLICT (district_id, month, kind, key) DO UPDATE
SET is_main = excluded.is_main, severity = excluded.severity, visit_ids = excluded.visit_ids, is_pair = excluded.is_pair, score = excluded.score,
    amount = excluded.amount, evidence = excluded.evidence, seen_at = excluded.seen_at,
    state = CASE WHEN finding.state = 'cleared' THEN 'open' ELSE finding.state END
WHERE finding.state IN ('open', 'cleared')

-- clear_unseen --
-- Open findings that this run did not see any more. $1 month $2 now
UPDATE finding SET state = 'cleared' WHERE month = $1 AND state = 'open' AND seen_at < $2

-- list_findings --
-- Findings of a month, the gravest first. $1 month or null $2 kind or null $3 state or null $4 provider or null $5 main ones only $6 after score $7 after id $8 most
SELECT f.id, f.month, f.kind, f.is_main, f.severity, f.provider_id, p.name AS provider, f.caregiver_id, g.name AS caregiver_name, f.elder_id,
       e.name AS elder_name, f.visit_id, f.visit_ids, f.is_pair, f.score, f.amount, f.evidence, f.state, f.found_at, f.seen_at, f.decided_at,
       a.name AS decided_name, f.reason, v.service, v.started_at, c.id AS claim_id
FROM finding f LEFT JOIN provider p ON p.id = f.provider_id LEFT JOIN caregiver g ON g.id = f.caregiver_id LEFT JOIN elder e ON e.id = f.elder_id
LEFT JOIN account a ON a.id = f.decided_by LEFT JOIN visit v ON v.id = f.visit_id LEFT JOIN claim c ON c.visit_id = f.visit_id
WHERE ($1::date IS NULL OR f.month = $1) AND ($2::text IS NULL OR f.kind = $2) AND ($3::text IS NULL OR f.state = $3)
  AND ($4::uuid IS NULL OR f.provider_id = $4) AND (NOT $5 OR f.is_main OR f.kind = 'outlier')
  AND ($6::numeric IS NULL OR (f.score, f.id) < ($6, $7::uuid))
ORDER BY f.score DESC, f.id DESC LIMIT $8

-- find_place --
-- Where a finding stands in the list. $1 id
SELECT score, id FROM finding WHERE id = $1

-- find_newest_month --
-- The last month that has findings.
SELECT max(month) FROM finding

-- find_finding --
-- One finding. $1 id
SELECT f.id, f.district_id, f.month, f.kind, f.is_main, f.severity, f.provider_id, p.name AS provider, f.caregiver_id, g.name AS caregiver_name,
       f.elder_id, e.name AS elder_name, f.visit_id, f.visit_ids, f.is_pair, f.score, f.amount, f.evidence, f.state, f.found_at, f.seen_at,
       f.decided_at, a.name AS decided_name, f.reason, f.note_sealed, v.service, v.started_at, c.id AS claim_id
FROM finding f LEFT JOIN provider p ON p.id = f.provider_id LEFT JOIN caregiver g ON g.id = f.caregiver_id LEFT JOIN elder e ON e.id = f.elder_id
LEFT JOIN account a ON a.id = f.decided_by LEFT JOIN visit v ON v.id = f.visit_id LEFT JOIN claim c ON c.visit_id = f.visit_id
WHERE f.id = $1

-- decide_finding --
-- Somebody looked: confirmed or dismissed, once. $1 id $2 state $3 reason $4 note $5 by $6 now
UPDATE finding SET state = $2, reason = $3, note_sealed = $4, decided_by = $5, decided_at = $6
WHERE id = $1 AND state IN ('open', 'cleared') RETURNING id

-- list_of_visits --
-- Kinds found of visits, open or confirmed. $1 visits
SELECT v.visit_id, array_agg(DISTINCT f.kind ORDER BY f.kind) AS kinds
FROM unnest($1::uuid[]) AS v (visit_id) JOIN finding f ON f.visit_ids @> ARRAY[v.visit_id] AND (f.visit_id = v.visit_id OR f.is_pair)
WHERE f.state IN ('open', 'confirmed') GROUP BY v.visit_id

-- count_kinds --
-- How many findings of each kind and state a month has, main ones. $1 month
SELECT kind, state, count(*)::int AS count, coalesce(sum(amount), 0)::numeric(14,2) AS amount FROM finding
WHERE month = $1 AND (is_main OR kind = 'outlier') GROUP BY kind, state ORDER BY kind, state
