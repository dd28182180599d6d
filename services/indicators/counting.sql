-- bought --
-- Persons served, person-times and money of priced visits by service and grade; allowances. $1 first $2 last days $3 since $4 before
WITH span AS (
  SELECT * FROM unnest($1::date[], $2::date[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS s (first_on, last_on, since, before, period)),
counted AS (
  SELECT s.period, c.elder_id, c.service, coalesce(c.grade, 'none') AS grade, c.amount, coalesce(c.approved, c.subsidy) AS subsidy,
         c.copay, s.since, s.before
  FROM span s JOIN claim c ON c.service_on BETWEEN s.first_on AND s.last_on WHERE c.state <> 'rejected'),
sums AS (
  SELECT period, service, grade, grouping(service, grade) AS by, count(DISTINCT elder_id)::numeric AS persons, count(*)::numeric AS times,
         sum(amount) AS amount, sum(subsidy) AS subsidy, sum(copay) AS copay
  FROM counted GROUP BY GROUPING SETS ((period), (period, service), (period, grade)))
SELECT period::int, v.code, coalesce(service, grade, '') AS split, v.value, NULL::numeric AS of
FROM sums CROSS JOIN LATERAL (VALUES
  (3, 'people_served', persons), (3, 'person_times', times), (3, 'spend_amount', amount), (3, 'spend_subsidy', subsidy),
  (3, 'spend_copay', copay), (1, 'people_by_service', persons), (1, 'times_by_service', times), (1, 'spend_by_service', subsidy),
  (2, 'people_by_grade', persons), (2, 'spend_by_grade', subsidy)) AS v (by, code, value) WHERE v.by = sums.by
UNION ALL
SELECT s.period::int, 'spend_cumulative', '', coalesce(sum(coalesce(c.approved, c.subsidy)), 0), NULL
FROM span s LEFT JOIN claim c ON c.service_on <= s.last_on AND c.state <> 'rejected' GROUP BY s.period
UNION ALL
SELECT s.period::int, v.code, '', v.value, NULL
FROM span s JOIN LATERAL (
  SELECT count(DISTINCT a.elder_id)::numeric AS persons, sum(a.amount) AS amount
  FROM allowance_list l JOIN allowance_line a ON a.list_id = l.id
  WHERE l.month BETWEEN s.first_on AND s.last_on AND l.state IN ('approved', 'issued', 'reconciled') AND a.amount > 0) t ON true
CROSS JOIN LATERAL (VALUES ('allowance_people', t.persons), ('allowance_spend', coalesce(t.amount, 0))) AS v (code, value)

-- people --
-- Persons on record on the last day, enrolled, graded, with a care bed; assessed within. $1 first $2 last days $3 since $4 before
WITH span AS (
  SELECT * FROM unnest($1::date[], $2::date[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS s (first_on, last_on, since, before, period)),
known AS (
  SELECT s.period, s.first_on, s.last_on, s.since, e.id,
         EXISTS (SELECT FROM enrolment n WHERE n.elder_id = e.id AND n.valid_from <= s.last_on
                 AND (n.valid_to IS NULL OR n.valid_to >= s.last_on)) AS is_enrolled,
         EXISTS (SELECT FROM care_bed b WHERE b.elder_id = e.id AND b.enrolled_on <= s.last_on
                 AND (b.ended_on IS NULL OR b.ended_on >= s.last_on)) AS has_bed,
         (SELECT g.grade FROM grade g WHERE g.elder_id = e.id AND g.scale = 'gbt_42195' AND g.valid_from <= s.last_on
          AND (g.valid_to IS NULL OR g.valid_to >= s.last_on) ORDER BY g.valid_from DESC LIMIT 1) AS grade
  FROM span s JOIN elder e ON e.created_at < s.before AND (e.died_on IS NULL OR e.died_on > s.last_on))
SELECT period::int, v.code, '' AS split, v.value::numeric, v.of::numeric AS of
FROM (SELECT period, count(*) AS n, count(*) FILTER (WHERE is_enrolled) AS enrolled, count(*) FILTER (WHERE has_bed) AS beds,
             count(grade) AS graded, count(*) FILTER (WHERE grade IN ('severe', 'total')) AS heavy,
             count(*) FILTER (WHERE grade IN ('severe', 'total') AND has_bed) AS heavy_beds
      FROM known GROUP BY period) t
CROSS JOIN LATERAL (VALUES ('registered', n, NULL), ('enrolled', enrolled, NULL), ('coverage', enrolled, n), ('bed_people', beds, NULL),
  ('graded_share', graded, n), ('bed_coverage', heavy_beds, heavy)) AS v (code, value, of)
UNION ALL
SELECT period::int, 'registered_by_grade', grade, count(*)::numeric, NULL FROM known WHERE grade IS NOT NULL GROUP BY period, grade
UNION ALL
SELECT s.period::int, 'assessed', '', count(a.id)::numeric, NULL
FROM span s LEFT JOIN assessment a ON a.assessed_on BETWEEN s.first_on AND s.last_on AND a.signed_at IS NOT NULL GROUP BY s.period

-- quality --
-- Satisfaction, complaints and proof. $1 first $2 last days $3 since $4 before
WITH span AS (
  SELECT * FROM unnest($1::date[], $2::date[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS s (first_on, last_on, since, before, period))
SELECT s.period::int, 'satisfaction' AS code, '' AS split, count(*) FILTER (WHERE o.rating >= 4)::numeric AS value, count(*)::numeric AS of
FROM span s JOIN care_order o ON o.reviewed_at >= s.since AND o.reviewed_at < s.before GROUP BY s.period
UNION ALL
SELECT s.period::int, 'call_back_satisfied', '', count(*) FILTER (WHERE (o.call_back->>'satisfied')::boolean)::numeric, count(*)::numeric
FROM span s JOIN care_order o ON o.called_back_at >= s.since AND o.called_back_at < s.before GROUP BY s.period
UNION ALL
SELECT s.period::int, v.code, '', v.value::numeric, v.of::numeric
FROM (SELECT s.period, s.first_on, count(c.id) AS n, count(c.id) FILTER (WHERE c.due_at < s.before) AS due,
             count(c.id) FILTER (WHERE c.due_at < s.before AND c.answered_at <= c.due_at) AS on_time
      FROM span s LEFT JOIN complaint c ON c.received_at >= s.since AND c.received_at < s.before GROUP BY s.period, s.first_on) s
CROSS JOIN LATERAL (VALUES ('complaints', n, NULL), ('complaints_on_time', on_time, due)) AS v (code, value, of)
UNION ALL
SELECT s.period::int, 'proven_share', '', count(*) FILTER (WHERE p.verdict = 'proven')::numeric, count(*)::numeric
FROM span s JOIN claim c ON c.service_on BETWEEN s.first_on AND s.last_on AND c.state <> 'rejected'
JOIN visit_proof p ON p.visit_id = c.visit_id GROUP BY s.period

-- response --
-- Cases of the call centre and how fast people came. $1 first $2 last days $3 since $4 before
WITH span AS (
  SELECT * FROM unnest($1::date[], $2::date[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS s (first_on, last_on, since, before, period)),
answered AS (
  SELECT s.period, s.first_on, s.last_on, extract(epoch FROM c.claimed_at - c.opened_at) AS seconds
  FROM span s JOIN care_case c ON c.opened_at >= s.since AND c.opened_at < s.before AND c.class = 'care'),
arrived AS (
  SELECT s.period, extract(epoch FROM v.started_at - v.wanted_at) / 60 AS minutes
  FROM span s JOIN visit v ON v.wanted_at >= s.since AND v.wanted_at < s.before AND v.case_id IS NOT NULL AND v.started_at IS NOT NULL)
SELECT period::int, v.code, '' AS split, v.value::numeric, v.of::numeric AS of
FROM (SELECT period, count(*) AS n, count(seconds) AS claimed, count(*) FILTER (WHERE seconds <= 60) AS quick,
             count(*) FILTER (WHERE seconds <= 180) AS soon,
             round(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::numeric, 1) AS median FROM answered GROUP BY period) t
CROSS JOIN LATERAL (VALUES ('cases', n, NULL), ('answered_60', quick, claimed), ('answered_180', soon, claimed),
  ('answer_median', median, NULL)) AS v (code, value, of) WHERE v.value IS NOT NULL
UNION ALL
SELECT period::int, v.code, '', v.value::numeric, v.of::numeric
FROM (SELECT period, count(*) AS n, count(*) FILTER (WHERE minutes <= 45) AS quick,
             round(percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes)::numeric, 1) AS median FROM arrived GROUP BY period) t
CROSS JOIN LATERAL (VALUES ('arrivals', n, NULL), ('arrived_45', quick, n), ('arrival_median', median, NULL)) AS v (code, value, of)

-- staff --
-- Caregivers at work on the last day, with a certificate in force, and how many persons each has. $1 first $2 last days $3 since $4 before
WITH span AS (
  SELECT * FROM unnest($1::date[], $2::date[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS s (first_on, last_on, since, before, period)),
held AS (
  SELECT s.period, s.first_on, s.last_on, s.since, s.before, count(g.id) AS n,
         count(g.id) FILTER (WHERE EXISTS (SELECT FROM certificate t WHERE t.caregiver_id = g.id AND t.valid_from <= s.last_on
                             AND t.valid_to >= s.last_on)) AS certified
  FROM span s LEFT JOIN caregiver g ON g.created_at < s.before AND (g.ended_at IS NULL OR g.ended_at >= s.before)
  GROUP BY s.period, s.first_on, s.last_on, s.since, s.before)
SELECT period::int, v.code, '' AS split, v.value::numeric, v.of::numeric AS of
FROM held CROSS JOIN LATERAL (
  SELECT count(DISTINCT c.elder_id) AS persons, count(DISTINCT c.provider_id) AS providers
  FROM claim c WHERE c.service_on BETWEEN first_on AND last_on AND c.state <> 'rejected') t
CROSS JOIN LATERAL (VALUES ('caregivers', n, NULL), ('certified_share', certified, n), ('persons_per_caregiver', t.persons, n),
  ('providers', t.providers, NULL)) AS v (code, value, of)

-- places --
-- Centres, meal points and what they did; calls on people. $1 first $2 last days $3 since $4 before
WITH span AS (
  SELECT * FROM unnest($1::date[], $2::date[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS s (first_on, last_on, since, before, period)),
open AS (
  SELECT s.period, p.kind, p.tier FROM span s JOIN place p ON p.opened_on <= s.last_on AND (p.closed_on IS NULL OR p.closed_on > s.last_on))
SELECT period::int, 'centres_by_tier' AS code, tier AS split, count(*)::numeric AS value, NULL::numeric AS of
FROM open WHERE kind = 'centre' GROUP BY period, tier
UNION ALL
SELECT s.period::int, v.code, '', (SELECT count(*) FROM open o WHERE o.period = s.period AND o.kind = v.kind)::numeric, NULL
FROM span s CROSS JOIN (VALUES ('meal_points', 'meal_point'), ('day_care', 'day_care'), ('institutions', 'institution')) AS v (code, kind)
UNION ALL
SELECT t.period::int, v.code, '', v.value::numeric, NULL
FROM (SELECT s.period, s.since, count(m.id) AS times, count(DISTINCT m.elder_id) AS persons FROM span s
      LEFT JOIN meal_serving m ON m."on" BETWEEN s.first_on AND s.last_on AND m.served_at IS NOT NULL GROUP BY s.period, s.since) t
CROSS JOIN LATERAL (VALUES ('meals', times), ('meal_people', persons)) AS v (code, value)
UNION ALL
SELECT t.period::int, v.code, '', v.value::numeric, NULL
FROM (SELECT s.period, count(c.id) AS times, count(DISTINCT c.elder_id) AS persons FROM span s
      LEFT JOIN call_on c ON c.at >= s.since AND c.at < s.before AND c.outcome IN ('well', 'needs_help') GROUP BY s.period) t
CROSS JOIN LATERAL (VALUES ('calls', times), ('call_people', persons)) AS v (code, value)
