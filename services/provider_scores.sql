-- list_counts --
-- What a month says of each provider: visits, how they went, what was found, complained of, rejected. $1 month $2 since $3 until
WITH made AS (
  SELECT v.provider_id, count(*) FILTER (WHERE v.state IN ('completed', 'verified'))::int AS visits, count(*)::int AS due,
         count(*) FILTER (WHERE v.state IN ('completed', 'verified') AND n.visit_id IS NULL)::int AS on_time,
         count(p.visit_id)::int AS weighed, count(*) FILTER (WHERE p.verdict = 'proven')::int AS proven
  FROM visit v LEFT JOIN visit_proof p ON p.visit_id = v.id
  LEFT JOIN LATERAL (SELECT n.visit_id FROM visit_notice n WHERE n.visit_id = v.id AND n.kind = 'late'
                       AND (n.cleared_by IS NULL OR n.cleared_by NOT IN ('came_in_time', 'changed')) LIMIT 1) n ON true
  WHERE v.window_start >= $2 AND v.window_start < $3 AND v.state IN ('completed', 'verified', 'missed') AND v.provider_id IS NOT NULL
  GROUP BY v.provider_id
), found AS (
  SELECT provider_id, count(DISTINCT visit_id)::int AS confirmed FROM finding
  WHERE month = $1 AND state = 'confirmed' AND visit_id IS NOT NULL GROUP BY provider_id
), sampled AS (
  SELECT c.provider_id, count(*)::int AS asked, count(*) FILTER (WHERE i.wrong_amount > 0)::int AS wrong
  FROM sample_item i JOIN audit_sample s ON s.id = i.sample_id JOIN claim c ON c.id = i.claim_id
  WHERE s.month = $1 AND i.wrong_amount IS NOT NULL GROUP BY c.provider_id
), complained AS (
  SELECT provider_id, count(*)::int AS upheld FROM complaint
  WHERE received_at >= $2 AND received_at < $3 AND outcome IN ('upheld', 'partly') GROUP BY provider_id
), claimed AS (
  SELECT provider_id, count(*)::int AS claims, count(*) FILTER (WHERE state = 'rejected')::int AS rejected FROM claim WHERE month = $1 GROUP BY provider_id
)
SELECT p.id, p.name, coalesce(m.visits, 0) AS visits, coalesce(m.due, 0) AS due, coalesce(m.on_time, 0) AS on_time, coalesce(m.weighed, 0) AS weighed,
       coalesce(m.proven, 0) AS proven, coalesce(f.confirmed, 0) AS confirmed, coalesce(s.asked, 0) AS asked, coalesce(s.wrong, 0) AS wrong,
       coalesce(k.upheld, 0) AS upheld, coalesce(c.claims, 0) AS claims, coalesce(c.rejected, 0) AS rejected
FROM provider p LEFT JOIN made m ON m.provider_id = p.id LEFT JOIN found f ON f.provider_id = p.id LEFT JOIN sampled s ON s.provider_id = p.id
LEFT JOIN complained k ON k.provider_id = p.id LEFT JOIN claimed c ON c.provider_id = p.id
WHERE m.provider_id IS NOT NULL OR c.provider_id IS NOT NULL
ORDER BY p.name, p.id
