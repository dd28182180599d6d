-- list_odd --
-- Persons of a range who are priced one by one: in a scheme that is not plain, or in two. $1 first $2 last elder $3 month
-- $4 its last day $5 codes of plain schemes
SELECT n.elder_id FROM enrolment n
WHERE n.elder_id BETWEEN $1 AND $2 AND n.valid_from <= $4 AND (n.valid_to IS NULL OR n.valid_to >= $3)
GROUP BY n.elder_id HAVING count(DISTINCT n.scheme_code) > 1 OR NOT bool_and(n.scheme_code = ANY ($5::text[]))

-- list_providers --
-- Whose visits wait in a range. $1 first $2 last elder $3 from $4 before $5 provider or null
WITH mine AS MATERIALIZED (
  SELECT id, provider_id FROM visit WHERE elder_id BETWEEN $1 AND $2 AND state = 'verified' AND started_at >= $3 AND started_at < $4
    AND provider_id IS NOT NULL AND ($5::uuid IS NULL OR provider_id = $5)
)
SELECT DISTINCT m.provider_id FROM mine m JOIN unpriced_visit u ON u.visit_id = m.id AND u.visit_id = ANY (ARRAY(SELECT id FROM mine))

-- lock_drafts --
-- Every draft of the district stays one until the commit.
SELECT id FROM statement WHERE state = 'draft' ORDER BY id FOR SHARE

-- open_range --
-- Open, or renew from the month's grades, and lock the entitlements of a range's persons with visits that wait.
-- $1 district $2 first $3 last elder $4 month $5 its last day $6 persons left out $7 schemes $8 from $9 before $10 now in ms
WITH scheme AS MATERIALIZED (
  SELECT s.* FROM jsonb_to_recordset($7::jsonb) AS s(id uuid, code text, scale text, rates jsonb)
), rate AS MATERIALIZED (
  SELECT s.id, s.code, s.scale, r.grade, r.quota, r.words FROM scheme s, jsonb_to_recordset(s.rates) AS r(grade text, quota numeric(12,2), words jsonb)
), generic AS MATERIALIZED (
  SELECT set_config('plan_cache_mode', 'force_generic_plan', true) IS NOT NULL AS is_set -- else foreign keys are planned again for every row
), mine AS MATERIALIZED (
  SELECT id, elder_id FROM visit WHERE elder_id BETWEEN $2 AND $3 AND state = 'verified' AND funding = 'subsidy' AND started_at >= $8 AND started_at < $9
    AND elder_id <> ALL ($6::uuid[])
), waiting AS MATERIALIZED (
  SELECT DISTINCT m.elder_id FROM mine m JOIN unpriced_visit u ON u.visit_id = m.id AND u.visit_id = ANY (ARRAY(SELECT id FROM mine))
), entered AS MATERIALIZED (
  SELECT DISTINCT n.elder_id, n.scheme_code FROM enrolment n
  WHERE n.elder_id BETWEEN $2 AND $3 AND n.valid_from <= $5 AND (n.valid_to IS NULL OR n.valid_to >= $4)
), span AS (
  SELECT w.elder_id, r.id AS scheme_id, r.grade, r.quota, r.words, greatest(g.valid_from, $4::date) AS first,
         least(coalesce(g.valid_to, $5::date), $5::date) AS last
  FROM waiting w JOIN entered n ON n.elder_id = w.elder_id
  JOIN grade g ON g.elder_id = w.elder_id AND g.elder_id BETWEEN $2 AND $3 AND g.valid_from <= $5 AND (g.valid_to IS NULL OR g.valid_to >= $4)
  JOIN rate r ON r.code = n.scheme_code AND r.scale = g.scale AND r.grade = g.grade
), wanted AS (
  SELECT elder_id, scheme_id, (array_agg(grade ORDER BY first DESC))[1] AS grade, (array_agg(quota ORDER BY first DESC))[1] AS quota,
         max(quota) AS ceiling, jsonb_agg(words || jsonb_build_object('from', first, 'to', last) ORDER BY first) AS explanation
  FROM span GROUP BY elder_id, scheme_id
)
INSERT INTO entitlement AS e (id, district_id, elder_id, scheme_id, month, grade, quota, ceiling, explanation)
SELECT uuid_at($10), $1, elder_id, scheme_id, $4, grade, quota, ceiling, explanation FROM wanted WHERE (SELECT is_set FROM generic)
ORDER BY elder_id, scheme_id
ON CONFLICT (elder_id, scheme_id, month) DO UPDATE
SET grade = excluded.grade, quota = excluded.quota, ceiling = greatest(excluded.ceiling, e.used), explanation = excluded.explanation
WHERE (e.grade, e.quota, e.ceiling, e.explanation) IS DISTINCT FROM
      (excluded.grade, excluded.quota, greatest(excluded.ceiling, e.used), excluded.explanation)

-- steady --
-- Plans made for each range anew, whatever statistics say of what the run itself has written: tables by keys, everything else hashed;
-- until `calm`.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true), set_config('enable_nestloop', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('jit', 'off', true),
       set_config('work_mem', '64MB', true)

-- calm --
-- Plans as always.
SELECT set_config('plan_cache_mode', 'auto', true), set_config('enable_seqscan', 'on', true), set_config('enable_nestloop', 'on', true),
       set_config('enable_mergejoin', 'on', true), set_config('enable_bitmapscan', 'on', true)

-- take_range --
-- Lock the visits of a range that wait; with what is doubtful about some, and the month's claims that their persons have already.
-- $1 first $2 last elder $3 from $4 before $5 providers $6 persons left out $7 month
WITH mine AS MATERIALIZED (
  SELECT id, elder_id FROM visit WHERE elder_id BETWEEN $1 AND $2 AND state = 'verified' AND started_at >= $3 AND started_at < $4 AND ended_at IS NOT NULL
    AND provider_id = ANY ($5::uuid[]) AND elder_id <> ALL ($6::uuid[])
), claimed AS MATERIALIZED (
  SELECT visit_id FROM claim WHERE visit_id = ANY (ARRAY(SELECT id FROM mine))
), taken AS MATERIALIZED (
  SELECT m.id, m.elder_id FROM unpriced_visit u JOIN mine m ON m.id = u.visit_id
  WHERE u.visit_id = ANY (ARRAY(SELECT id FROM mine)) AND NOT EXISTS (SELECT FROM claimed c WHERE c.visit_id = u.visit_id)
  FOR UPDATE OF u SKIP LOCKED
), doubt AS (
  SELECT t.id, CASE WHEN p.verdict IS NULL THEN '{no_proof}'
                    ELSE ARRAY[p.verdict] || ARRAY(SELECT 'proof_' || k.key FROM jsonb_each(p.elements) k
                                                   WHERE coalesce(k.value -> 'ok', 'false') = 'false' ORDER BY 'proof_' || k.key COLLATE "C")
                         || ARRAY(SELECT 'witness_' || (x.value ->> 'witness') FROM jsonb_array_elements(p.witnesses) x
                                  WHERE x.value ->> 'says' = 'contradicts' ORDER BY 'witness_' || (x.value ->> 'witness') COLLATE "C") END AS flags
  FROM taken t LEFT JOIN visit_proof p ON p.visit_id = t.id AND p.visit_id = ANY (ARRAY(SELECT id FROM taken)) WHERE p.verdict IS DISTINCT FROM 'proven'
)
SELECT (SELECT coalesce(array_agg(id), '{}') FROM taken) AS visits,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'flags', flags)), '[]') FROM doubt) AS doubts,
       (SELECT coalesce(array_agg(c.id), '{}') FROM (SELECT DISTINCT elder_id FROM taken) p
          CROSS JOIN LATERAL (SELECT id FROM claim WHERE elder_id = p.elder_id AND month = $7 AND entitlement_id IS NOT NULL OFFSET 0) c) AS claims

-- price_range --
-- Price the visits taken, and anew the drafts' claims of the same entitlements; a visit without price, scheme, grade or rate is left.
-- $1 district $2 first $3 last elder $4 month $5 its last day $6 schemes $7 zone $8 now $9 now in ms
-- $10 providers $11 their drafts $12 months of those $13 refuse what is over the quota $14 visits $15 doubts $16 claims there already
WITH scheme AS MATERIALIZED (
  SELECT s.* FROM jsonb_to_recordset($6::jsonb) AS s(id uuid, code text, scale text, services text[], rates jsonb)
), rate AS MATERIALIZED (
  SELECT s.id, r.grade, r.quota, r.words::text AS words FROM scheme s, jsonb_to_recordset(s.rates) AS r(grade text, quota numeric(12,2), words jsonb)
), price AS MATERIALIZED (
  SELECT DISTINCT ON (c.provider_id, p.service, d.day) c.provider_id, p.service, d.day::date AS day, p.unit, p.price,
         '{"code":"contract_price","contract":' || to_json(c.number) || ',"service":"' || p.service || '","unit":"' || p.unit || '","price":"' || p.price
         || '"},{"code":"units","unit":"' || p.unit || '","units":"' AS words
  FROM contract c JOIN contract_price p ON p.contract_id = c.id
  JOIN generate_series($4::date, $5::date, interval '1 day') AS d(day) ON c.valid_from <= d.day AND (c.valid_to IS NULL OR c.valid_to >= d.day)
  WHERE c.provider_id = ANY ($10::uuid[])
  ORDER BY c.provider_id, p.service, d.day, c.valid_from DESC, c.number DESC
), generic AS MATERIALIZED (
  SELECT set_config('plan_cache_mode', 'force_generic_plan', true) IS NOT NULL AS is_set -- else foreign keys and `spent` are planned again for every row
), target AS MATERIALIZED (
  SELECT * FROM unnest($10::uuid[], $11::uuid[], $12::date[]) AS t(provider_id, statement_id, month)
), doubt AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($15::jsonb) AS d(id uuid, flags text[])
), entered AS MATERIALIZED (
  SELECT n.elder_id, n.valid_from, n.valid_to, s.id AS scheme_id, s.code, s.scale, s.services, e.id AS entitlement_id
  FROM enrolment n JOIN scheme s ON s.code = n.scheme_code
  LEFT JOIN entitlement e ON e.elder_id = n.elder_id AND e.scheme_id = s.id AND e.month = $4 AND e.elder_id BETWEEN $2 AND $3
  WHERE n.elder_id BETWEEN $2 AND $3 AND n.valid_from <= $5 AND (n.valid_to IS NULL OR n.valid_to >= $4)
), graded AS MATERIALIZED (
  SELECT g.elder_id, g.valid_from, g.valid_to, g.grade, r.id AS scheme_id, r.quota,
         '"},' || r.words || ',' AS tail,
         '[{"code":"grade_in_force","scale":"' || g.scale || '","grade":"' || g.grade || '","valid_from":"' || g.valid_from || '","valid_to":"'
         || coalesce(g.valid_to::text, '') || '","on":"' AS words
  FROM grade g JOIN scheme s ON s.scale = g.scale JOIN rate r ON r.id = s.id AND r.grade = g.grade
  WHERE g.elder_id BETWEEN $2 AND $3 AND g.valid_from <= $5 AND (g.valid_to IS NULL OR g.valid_to >= $4)
), taken AS (
  SELECT v.id, v.elder_id, v.provider_id, v.service, v.funding, v.started_at, (v.started_at AT TIME ZONE $7)::date AS day,
         greatest(floor(trunc(extract(epoch FROM v.ended_at - v.started_at)) / 60 + 0.5), 0) AS minutes,
         CASE WHEN jsonb_typeof(v.record -> 'meals') = 'number' AND v.record ->> 'meals' ~ '^-?[0-9]{1,9}$'
              THEN least(greatest(coalesce(nullif((v.record ->> 'meals')::int, 0), 1), 1), 10) ELSE 1 END AS meals
  FROM visit v WHERE v.id = ANY ($14::uuid[]) AND (SELECT is_set FROM generic)
), counted AS (
  SELECT t.*, p.unit, p.price, p.words,
         CASE p.unit WHEN 'meal' THEN t.meals WHEN 'hour' THEN greatest(floor(t.minutes * 4 / 60 + 0.5), 1) / 4 ELSE 1 END::numeric(8,2) AS units
  FROM taken t JOIN price p ON p.provider_id = t.provider_id AND p.service = t.service AND p.day = t.day
), fresh AS MATERIALIZED (
  SELECT c.id AS visit_id, c.elder_id, c.provider_id, c.service, c.started_at, c.day, c.unit, c.price, c.units, round(c.price * c.units, 2) AS amount,
         CASE WHEN c.funding <> 'private' THEN e.scheme_id END AS scheme_id, e.entitlement_id,
         c.words || trim_scale(c.units) || '","minutes":"' || trim_scale(c.minutes) || '"}' AS head,
         CASE WHEN c.funding = 'private' THEN '{"code":"private"'
              WHEN NOT c.service = ANY (e.services) THEN '{"code":"service_not_covered","scheme":"' || e.code || '","service":"' || c.service || '"' END AS why
  FROM counted c LEFT JOIN entered e ON e.elder_id = c.elder_id AND e.valid_from <= c.day AND (e.valid_to IS NULL OR e.valid_to >= c.day)
), old AS MATERIALIZED (
  SELECT c.id, c.visit_id, c.elder_id, c.provider_id, c.service, c.started_at, c.service_on AS day, c.unit, c.unit_price AS price, c.units, c.amount,
         CASE WHEN s.state IN ('issued', 'reconciled') THEN coalesce(c.approved, c.subsidy) + coalesce(l.more, 0) ELSE c.subsidy END AS paid,
         c.explanation, c.scheme_id, c.entitlement_id, s.state = 'draft' AS is_open
  FROM claim c JOIN statement s ON s.id = c.statement_id
  LEFT JOIN (SELECT claim_id, sum(amount) AS more FROM statement_line WHERE claim_id = ANY ($16::uuid[]) AND kind = 'correction' GROUP BY claim_id) l
    ON l.claim_id = c.id
  WHERE c.id = ANY ($16::uuid[])
), line AS (
  SELECT NULL::uuid AS claim_id, visit_id, elder_id, provider_id, service, started_at, day, unit, price, units, amount, scheme_id, entitlement_id, head
  FROM fresh WHERE why IS NULL AND entitlement_id IS NOT NULL
  UNION ALL
  SELECT id, visit_id, elder_id, provider_id, service, started_at, day, unit, price, units, amount, scheme_id, entitlement_id,
         btrim(jsonb_path_query_array(explanation, '$[*] ? (@.code == "contract_price" || @.code == "units")')::text, '[]')
  FROM old WHERE is_open
), rated AS MATERIALIZED (
  SELECT l.*, g.grade, g.quota, g.words, g.tail
  FROM line l JOIN graded g ON g.elder_id = l.elder_id AND g.scheme_id = l.scheme_id AND g.valid_from <= l.day AND (g.valid_to IS NULL OR g.valid_to >= l.day)
), before AS (
  SELECT entitlement_id, sum(paid) AS used
  FROM old o WHERE NOT EXISTS (SELECT FROM rated r WHERE r.claim_id = o.id) GROUP BY entitlement_id
), run AS (
  SELECT r.*, coalesce(b.used, 0.00) AS closed, spent(coalesce(b.used, 0.00), r.amount, r.quota) OVER w AS after, lead(r.visit_id) OVER w AS next
  FROM rated r LEFT JOIN before b ON b.entitlement_id = r.entitlement_id
  WINDOW w AS (PARTITION BY r.entitlement_id ORDER BY r.started_at, r.visit_id ROWS UNBOUNDED PRECEDING)
), used AS (
  SELECT r.*, coalesce(lag(after) OVER (PARTITION BY entitlement_id ORDER BY started_at, visit_id), closed) AS before FROM run r
), shared AS (
  SELECT u.*, round(after - before, 2) AS subsidy FROM used u
), said AS MATERIALIZED (
  SELECT claim_id, visit_id, elder_id, provider_id, service, started_at, day, unit, price, units, amount, scheme_id, entitlement_id, grade, after, next,
         subsidy, amount - subsidy AS copay, $13::boolean AND subsidy < amount AS is_refused,
         (words || day || tail || head || ',{"code":"amount","price":"' || price || '","units":"' || trim_scale(units) || '","amount":"' || amount
          || '"},{"code":"quota_left","quota":"' || quota || '","used":"' || round(before, 2) || '","left":"' || round(greatest(quota - before, 0), 2)
          || CASE WHEN subsidy = amount THEN '"},{"code":"subsidy_full","subsidy":"' || subsidy
                  WHEN subsidy = 0 THEN '"},{"code":"subsidy_none","copay":"' || amount
                  ELSE '"},{"code":"subsidy_partial","subsidy":"' || subsidy || '","copay":"' || (amount - subsidy) END
          || CASE WHEN $13 AND subsidy < amount THEN '"},{"code":"over_quota_refused","copay":"' || (amount - subsidy) ELSE '' END || '"}]')::jsonb AS explanation
  FROM shared
), whole AS (
  SELECT visit_id, elder_id, provider_id, service, started_at, day, unit, price, units, amount, scheme_id, entitlement_id, grade, subsidy, copay, is_refused, explanation
  FROM said WHERE claim_id IS NULL
  UNION ALL
  SELECT visit_id, elder_id, provider_id, service, started_at, day, unit, price, units, amount, scheme_id, NULL, NULL, 0.00, amount, false,
         ('[' || head || ',{"code":"amount","price":"' || price || '","units":"' || trim_scale(units) || '","amount":"' || amount || '"},' || why
          || ',"copay":"' || amount || '"}]')::jsonb
  FROM fresh WHERE why IS NOT NULL
), made AS (
  INSERT INTO claim (id, district_id, visit_id, statement_id, elder_id, provider_id, service, service_on, month, units, unit,
                     unit_price, amount, subsidy, copay, grade, scheme_id, entitlement_id, explanation, flags, started_at, created_at)
  SELECT uuid_at($9), $1, w.visit_id, t.statement_id, w.elder_id, w.provider_id, w.service, w.day, $4, w.units, w.unit,
         w.price, w.amount, w.subsidy, w.copay, w.grade, w.scheme_id, w.entitlement_id, w.explanation,
         coalesce(d.flags, '{}') || CASE WHEN w.day > l.died_on THEN '{after_death}'::text[] ELSE '{}' END
         || CASE WHEN EXISTS (SELECT FROM absence a WHERE a.elder_id = w.elder_id AND a.starts_on < w.day AND (a.ends_on IS NULL OR a.ends_on > w.day))
                 THEN '{absent}'::text[] ELSE '{}' END
         || CASE WHEN t.month <> $4 THEN '{late}'::text[] ELSE '{}' END || CASE WHEN w.is_refused THEN '{over_quota}'::text[] ELSE '{}' END,
         w.started_at, $8
  FROM whole w JOIN target t ON t.provider_id = w.provider_id JOIN elder l ON l.id = w.elder_id AND l.id BETWEEN $2 AND $3
  LEFT JOIN doubt d ON d.id = w.visit_id
  RETURNING visit_id
), changed AS (
  UPDATE claim c SET subsidy = s.subsidy, copay = s.copay, grade = s.grade, explanation = s.explanation,
         flags = array_remove(array_remove(c.flags, 'over_quota'), 'no_rate') || CASE WHEN s.is_refused THEN '{over_quota}'::text[] ELSE '{}' END
  FROM said s WHERE c.id = s.claim_id AND c.id = ANY ($16::uuid[])
    AND (c.explanation <> s.explanation OR ('over_quota' = ANY (c.flags)) <> s.is_refused OR 'no_rate' = ANY (c.flags))
), unrated AS (
  UPDATE claim c SET flags = c.flags || '{no_rate}'::text[]
  FROM old o WHERE o.is_open AND c.id = o.id AND c.id = ANY ($16::uuid[]) AND NOT 'no_rate' = ANY (c.flags)
    AND NOT EXISTS (SELECT FROM rated r WHERE r.claim_id = o.id)
), spent_now AS (
  UPDATE entitlement e SET used = s.after FROM said s
  WHERE e.id = s.entitlement_id AND s.next IS NULL AND e.used <> s.after AND e.elder_id BETWEEN $2 AND $3 AND e.month = $4
), gone AS (
  DELETE FROM unpriced_visit u USING made m WHERE u.visit_id = m.visit_id AND u.visit_id = ANY ($14::uuid[])
)
SELECT count(*)::int FROM made

-- list_left --
-- What of a range still waits and is looked at one by one. $1 first $2 last elder $3 from $4 before $5 provider or null
WITH mine AS MATERIALIZED (
  SELECT id, elder_id, started_at FROM visit WHERE elder_id BETWEEN $1 AND $2 AND state = 'verified' AND started_at >= $3 AND started_at < $4
    AND ($5::uuid IS NULL OR provider_id = $5)
), claimed AS MATERIALIZED (
  SELECT visit_id FROM claim WHERE visit_id = ANY (ARRAY(SELECT id FROM mine))
)
SELECT m.id FROM mine m JOIN unpriced_visit u ON u.visit_id = m.id AND u.visit_id = ANY (ARRAY(SELECT id FROM mine))
WHERE NOT EXISTS (SELECT FROM claimed c WHERE c.visit_id = m.id)
ORDER BY m.elder_id, m.started_at, m.id
