-- find_visit --
-- A visit with its proof and its claim. $1 visit
SELECT v.id, v.elder_id, v.elder_name, v.service, v.state, v.window_start, v.window_end, v.started_at, v.ended_at, v.minutes, v.provider_id,
       v.provider_name, v.caregiver_id, v.caregiver_name, v.case_id, v.care_bed_id, v.funding, v.record, v.verdict, v.elements,
       v.witnesses, v.decided_at, c.id AS claim_id, c.amount, c.flags, c.state AS claim_state
FROM visit_shown v LEFT JOIN claim c ON c.visit_id = v.id WHERE v.id = $1

-- list_steps --
-- Every step of a visit, oldest first. $1 visit
SELECT t.at, t.action, a.name AS by_name FROM visit_entry t LEFT JOIN account a ON a.id = t.account_id
WHERE t.visit_id = $1 ORDER BY t.at, t.id LIMIT 100

-- list_alarms --
-- The alarms of the case behind a visit. $1 case
SELECT a.id, a.message_id, a.type, a.observed_at, a.received_at, a.rule, d.thing_model, d.room, encode(sha256(a.raw), 'hex') AS raw_sha256
FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id JOIN device d ON d.id = a.device_id
WHERE l.case_id = $1 ORDER BY a.received_at, a.id LIMIT 50

-- list_told --
-- What the home's devices told between two instants: how often, first and last. $1 bed or null $2 elder $3 from $4 until
WITH watching AS (
  SELECT d.id, d.thing_model, d.room FROM device d JOIN care_bed b ON b.id = d.care_bed_id
  WHERE CASE WHEN $1::uuid IS NULL THEN b.elder_id = $2 ELSE b.id = $1 END AND d.retired_at IS NULL),
told AS (SELECT * FROM readings_between((SELECT coalesce(array_agg(id), '{}') FROM watching), $3, $4, 2000))
SELECT w.id, w.thing_model, w.room, count(t.metric)::int AS readings, min(t.observed_at) AS first_at, max(t.observed_at) AS last_at,
       coalesce(array_agg(DISTINCT t.metric) FILTER (WHERE t.metric IS NOT NULL), '{}') AS metrics
FROM watching w LEFT JOIN told t ON t.device_id = w.id GROUP BY w.id, w.thing_model, w.room ORDER BY readings DESC, w.id

-- list_findings --
-- What the checks found about a visit. $1 visit
SELECT id, kind, severity, state, found_at FROM finding WHERE visit_ids @> ARRAY[$1::uuid] OR visit_id = $1 ORDER BY is_main DESC, found_at
