-- lock_answers --
-- One tick a district at a time. $1 district
SELECT pg_advisory_xact_lock(hashtextextended('answers ' || $1::text, 0))

-- take_touched --
-- Cases whose timeline has grown: what is written from now on is noted again. $1 most
WITH part AS (SELECT id, case_id FROM answer_touch ORDER BY id LIMIT $1),
gone AS (DELETE FROM answer_touch u USING part WHERE u.id = part.id)
SELECT array_agg(DISTINCT case_id) FROM part

-- make_facts --
-- What became of each case, out of its timeline. $1 cases $2 now
WITH said AS (
  SELECT e.case_id,
         min(e.at) FILTER (WHERE e.account_id IS NOT NULL AND e.action IN ('claim', 'call')) AS answered_at,
         (array_agg(e.account_id ORDER BY e.at, e.id) FILTER (WHERE e.account_id IS NOT NULL AND e.action IN ('claim', 'call')))[1] AS answered_by,
         min(e.at) FILTER (WHERE e.action = 'dispatch') AS sent_at,
         min(e.at) FILTER (WHERE e.action = 'arrive') AS scene_at,
         min(e.at) FILTER (WHERE e.action = 'shelve') AS shelved_at,
         min(e.at) FILTER (WHERE e.action IN ('return', 'close')) AS over_at,
         min(e.at) FILTER (WHERE e.action IN ('dispatch', 'resolve', 'close', 'shelve')) AS decided_at
  FROM case_entry e WHERE e.case_id = ANY ($1::uuid[]) GROUP BY e.case_id),
facts AS (
  SELECT c.id, c.district_id, c.opened_at, date_trunc('hour', c.opened_at) AS hour,
         CASE WHEN f.alarm_id IS NULL THEN 'by_hand'
              WHEN c.outcome = 'test' OR c.false_alarm = 'test' THEN 'test'
              WHEN c.paused_by IS NOT NULL THEN 'paused'
              WHEN f.lowered_by IS NOT NULL THEN 'lowered'
              WHEN s.shelved_at <= coalesce(s.answered_at, 'infinity') THEN 'shelved'
              WHEN s.answered_at IS NULL AND s.over_at <= c.opened_at + interval '60 seconds' THEN 'gone' END AS apart,
         coalesce(f.alarms, 0) AS alarms, c.type, c.severity, s.answered_at, s.answered_by,
         CASE WHEN s.answered_at IS NOT NULL THEN ceil(greatest(0, extract(epoch FROM s.answered_at - c.opened_at)))::int END AS seconds,
         coalesce(least(1800, greatest(0, extract(epoch FROM coalesce(s.decided_at, $2) - s.answered_at))), 0)::int AS busy_seconds,
         s.sent_at, s.scene_at, CASE WHEN s.scene_at IS NOT NULL AND s.sent_at IS NOT NULL THEN ceil(greatest(0, extract(epoch FROM s.scene_at - s.sent_at)))::int END AS scene_seconds,
         (SELECT count(*)::int FROM visit v WHERE v.case_id = c.id AND v.accepted_at IS NOT NULL) AS visits,
         c.state = 'closed' AS is_closed, coalesce(c.outcome = 'false_alarm', false) AS is_false, f.thing_model, f.device_id,
         coalesce(b.home_id, p.home_id) AS home_id
  FROM care_case c
  LEFT JOIN said s ON s.case_id = c.id
  LEFT JOIN elder p ON p.id = c.elder_id
  LEFT JOIN care_bed b ON b.id = c.care_bed_id
  LEFT JOIN LATERAL (
    SELECT l.alarm_id, l.lowered_by, a.device_id, d.thing_model, count(*) OVER ()::int AS alarms
    FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id JOIN device d ON d.id = a.device_id
    WHERE l.case_id = c.id ORDER BY a.received_at, a.id LIMIT 1) f ON true
  WHERE c.id = ANY ($1::uuid[]) AND c.class = 'care')
INSERT INTO answer AS o (case_id, district_id, opened_at, hour, apart, alarms, type, severity, answered_at, answered_by, seconds, busy_seconds,
                    sent_at, scene_at, scene_seconds, visits, is_closed, is_false, thing_model, device_id, home_id)
SELECT * FROM facts
ON CONFLICT (case_id) DO UPDATE SET apart = excluded.apart, alarms = excluded.alarms, type = excluded.type, severity = excluded.severity,
  answered_at = excluded.answered_at, answered_by = excluded.answered_by, seconds = excluded.seconds,
  busy_seconds = excluded.busy_seconds, sent_at = excluded.sent_at, scene_at = excluded.scene_at,
  scene_seconds = excluded.scene_seconds, visits = excluded.visits, is_closed = excluded.is_closed, is_false = excluded.is_false,
  thing_model = excluded.thing_model, device_id = excluded.device_id, home_id = excluded.home_id
RETURNING o.hour

-- drop_sums --
-- The sums of some hours, before they are made anew. $1 hours
DELETE FROM answer_tally WHERE district_id = current_district() AND hour = ANY ($1::timestamptz[])

-- make_sums --
-- The sums of some hours. $1 hours
INSERT INTO answer_tally (district_id, hour, account_id, cases, answered, in_60, in_180, seconds, longest, busy_seconds, sent, scenes,
  scene_45, scene_60, falses, joined, lowered, paused, shelved, tests, by_hand, gone)
SELECT district_id, hour, answered_by, count(*) FILTER (WHERE apart IS NULL),
       count(*) FILTER (WHERE apart IS NULL AND seconds IS NOT NULL), count(*) FILTER (WHERE apart IS NULL AND seconds <= 60),
       count(*) FILTER (WHERE apart IS NULL AND seconds <= 180), coalesce(sum(seconds) FILTER (WHERE apart IS NULL), 0),
       coalesce(max(seconds) FILTER (WHERE apart IS NULL), 0), sum(busy_seconds), count(sent_at),
       count(*) FILTER (WHERE sent_at IS NOT NULL AND (scene_at IS NOT NULL OR NOT is_closed)),
       count(*) FILTER (WHERE scene_seconds <= 2700), count(*) FILTER (WHERE scene_seconds <= 3600), count(*) FILTER (WHERE is_false),
       coalesce(sum(greatest(alarms - 1, 0)), 0), count(*) FILTER (WHERE apart = 'lowered'), count(*) FILTER (WHERE apart = 'paused'),
       count(*) FILTER (WHERE apart = 'shelved'), count(*) FILTER (WHERE apart = 'test'), count(*) FILTER (WHERE apart = 'by_hand'),
       count(*) FILTER (WHERE apart = 'gone')
FROM answer WHERE district_id = current_district() AND hour = ANY ($1::timestamptz[]) GROUP BY district_id, hour, answered_by

-- per_hour --
-- Sums of each hour. $1 since $2 until
SELECT hour, sum(cases)::int AS cases, sum(answered)::int AS answered, sum(in_60)::int AS in_60, sum(in_180)::int AS in_180,
       sum(seconds)::bigint AS seconds, max(longest) AS longest, sum(busy_seconds)::bigint AS busy_seconds, sum(sent)::int AS sent,
       sum(scenes)::int AS scenes, sum(scene_45)::int AS scene_45, sum(scene_60)::int AS scene_60, sum(falses)::int AS falses,
       sum(joined)::int AS joined, sum(lowered)::int AS lowered, sum(paused)::int AS paused, sum(shelved)::int AS shelved,
       sum(tests)::int AS tests, sum(by_hand)::int AS by_hand, sum(gone)::int AS gone
FROM answer_tally WHERE district_id = current_district() AND hour >= $1 AND hour < $2 GROUP BY hour ORDER BY hour

-- per_operator --
-- Sums of each operator; without one: what nobody answered. $1 since $2 until
SELECT t.account_id, a.name, sum(cases)::int AS cases, sum(answered)::int AS answered, sum(in_60)::int AS in_60,
       sum(in_180)::int AS in_180, sum(seconds)::bigint AS seconds, max(longest) AS longest, sum(busy_seconds)::bigint AS busy_seconds,
       sum(sent)::int AS sent, sum(scenes)::int AS scenes, sum(scene_45)::int AS scene_45, sum(scene_60)::int AS scene_60,
       sum(falses)::int AS falses, sum(joined)::int AS joined, sum(lowered)::int AS lowered, sum(paused)::int AS paused,
       sum(shelved)::int AS shelved, sum(tests)::int AS tests, sum(by_hand)::int AS by_hand, sum(gone)::int AS gone
FROM answer_tally t LEFT JOIN account a ON a.id = t.account_id
WHERE t.district_id = current_district() AND hour >= $1 AND hour < $2 GROUP BY t.account_id, a.name ORDER BY a.name NULLS LAST, 1

-- list_young --
-- What is not late yet: nobody has answered or is there, and the time is not up. $1 since $2 until $3 now
SELECT hour, answered_by AS account_id,
       count(*) FILTER (WHERE apart IS NULL AND seconds IS NULL AND opened_at >= $3::timestamptz - interval '60 seconds')::int AS young_60,
       count(*) FILTER (WHERE apart IS NULL AND seconds IS NULL AND opened_at >= $3::timestamptz - interval '180 seconds')::int AS young_180,
       count(*) FILTER (WHERE scene_at IS NULL AND sent_at >= $3::timestamptz - interval '45 minutes')::int AS young_45,
       count(*) FILTER (WHERE scene_at IS NULL AND sent_at >= $3::timestamptz - interval '60 minutes')::int AS young_60_min
FROM answer
WHERE district_id = current_district() AND hour >= $1 AND hour < $2 AND NOT is_closed
  AND (opened_at >= $3::timestamptz - interval '180 seconds' OR sent_at >= $3::timestamptz - interval '60 minutes')
GROUP BY hour, answered_by

-- list_slowest --
-- The longest waits, those that nobody has answered first; a case of the last minute is not late yet.
-- $1 since $2 until $3 not opened after $4 most
SELECT w.case_id, w.opened_at, w.seconds, w.type, w.severity, w.answered_at, w.answered_by, a.name AS answered_by_name, w.is_closed
FROM answer w LEFT JOIN account a ON a.id = w.answered_by
WHERE w.district_id = current_district() AND w.apart IS NULL AND (w.seconds IS NULL OR w.seconds > 60)
  AND w.hour >= $1 AND w.hour < $2 AND (w.seconds IS NOT NULL OR w.opened_at <= $3)
ORDER BY w.seconds DESC NULLS FIRST, w.opened_at LIMIT $4

-- list_latest --
-- The longest ways to the scene, those that nobody has come to first. $1 since $2 until $3 sent before $4 most
SELECT w.case_id, w.opened_at, w.sent_at, w.scene_at, w.scene_seconds, w.type, w.severity, w.is_closed
FROM answer w
WHERE w.district_id = current_district() AND w.hour >= $1 AND w.hour < $2
  AND (w.scene_seconds > 2700 OR (w.sent_at IS NOT NULL AND w.scene_at IS NULL)) AND (w.scene_at IS NOT NULL OR (NOT w.is_closed AND w.sent_at <= $3))
ORDER BY w.scene_seconds DESC NULLS FIRST, w.sent_at LIMIT $4

-- history --
-- Whatever made work, hour by hour, with the first hour of all. $1 since $2 until
SELECT hour, (sum(cases) + sum(by_hand) + sum(shelved) + sum(gone))::int AS cases, sum(busy_seconds)::bigint AS busy_seconds,
       sum(answered)::int AS answered
FROM answer_tally WHERE district_id = current_district() AND hour >= $1 AND hour < $2 GROUP BY hour ORDER BY hour

-- first_hour --
-- Since when there is a history.
SELECT min(hour) FROM answer_tally WHERE district_id = current_district()

-- are_stale --
-- Say whether sums wait to be made.
SELECT EXISTS (SELECT FROM answer_touch)

-- falses_by_model --
-- False alarms of each kind of sensor: cases, false ones, their work and visits. $1 since $2 until
SELECT thing_model AS key, count(*)::int AS cases, count(*) FILTER (WHERE is_false)::int AS falses,
       coalesce(sum(busy_seconds) FILTER (WHERE is_false), 0)::bigint AS busy_seconds, coalesce(sum(visits) FILTER (WHERE is_false), 0)::int AS visits
FROM answer WHERE district_id = current_district() AND hour >= $1 AND hour < $2 AND thing_model IS NOT NULL AND apart IS DISTINCT FROM 'test'
GROUP BY thing_model ORDER BY falses DESC, cases DESC, key

-- falses_by_type --
-- The same of each rule, by the type of alarm that it raises. $1 since $2 until
SELECT type AS key, count(*)::int AS cases, count(*) FILTER (WHERE is_false)::int AS falses,
       coalesce(sum(busy_seconds) FILTER (WHERE is_false), 0)::bigint AS busy_seconds, coalesce(sum(visits) FILTER (WHERE is_false), 0)::int AS visits
FROM answer WHERE district_id = current_district() AND hour >= $1 AND hour < $2 AND alarms > 0 AND apart IS DISTINCT FROM 'test'
GROUP BY type ORDER BY falses DESC, cases DESC, key

-- falses_by_device --
-- The same of single sensors, the worst first. $1 since $2 until $3 most
SELECT w.device_id, d.name AS device_name, w.thing_model, w.home_id, e.id AS elder_id, e.name AS elder_name, w.cases, w.falses, w.busy_seconds, w.visits
FROM (
  SELECT device_id, max(thing_model) AS thing_model, (array_agg(home_id ORDER BY hour DESC))[1] AS home_id, count(*)::int AS cases,
         count(*) FILTER (WHERE is_false)::int AS falses, coalesce(sum(busy_seconds) FILTER (WHERE is_false), 0)::bigint AS busy_seconds,
         coalesce(sum(visits) FILTER (WHERE is_false), 0)::int AS visits
  FROM answer WHERE district_id = current_district() AND hour >= $1 AND hour < $2 AND device_id IS NOT NULL AND apart IS DISTINCT FROM 'test'
  GROUP BY device_id HAVING count(*) FILTER (WHERE is_false) > 0 ORDER BY 5 DESC, 4 DESC, 1 LIMIT $3) w
JOIN device d ON d.id = w.device_id LEFT JOIN care_bed b ON b.id = d.care_bed_id LEFT JOIN elder e ON e.id = b.elder_id
ORDER BY w.falses DESC, w.cases DESC, w.device_id

-- falses_by_home --
-- The same of homes, the worst first. $1 since $2 until $3 most
SELECT w.home_id, x.id AS elder_id, x.name AS elder_name, w.cases, w.falses, w.busy_seconds, w.visits
FROM (
  SELECT home_id, count(*)::int AS cases, count(*) FILTER (WHERE is_false)::int AS falses,
         coalesce(sum(busy_seconds) FILTER (WHERE is_false), 0)::bigint AS busy_seconds, coalesce(sum(visits) FILTER (WHERE is_false), 0)::int AS visits
  FROM answer WHERE district_id = current_district() AND hour >= $1 AND hour < $2 AND home_id IS NOT NULL AND apart IS DISTINCT FROM 'test'
  GROUP BY home_id HAVING count(*) FILTER (WHERE is_false) > 0 ORDER BY 3 DESC, 2 DESC, 1 LIMIT $3) w
LEFT JOIN LATERAL (SELECT id, name FROM elder WHERE home_id = w.home_id ORDER BY id LIMIT 1) x ON true
ORDER BY w.falses DESC, w.cases DESC, w.home_id
