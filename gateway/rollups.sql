-- mark_due --
-- Hours to be rolled again: what came late, or from a clock that is ahead. $1 device numbers $2 hours
INSERT INTO ingest.rollup_due (device_no, hour) SELECT no, hour FROM unnest($1::bigint[], $2::timestamptz[]) AS n (no, hour)

-- lock --
-- One at a time rolls; who comes second has nothing to do.
SELECT pg_try_advisory_xact_lock(7419011)

-- find_mark --
-- Until when every hour has been put on the list, or nothing at the first time.
SELECT until FROM ingest.rollup_mark

-- begin --
-- The first time: every hour that is stored. $1 until
INSERT INTO ingest.rollup_due (device_no, hour)
SELECT DISTINCT device_no, date_trunc('hour', observed_at, 'UTC') FROM ingest.reading WHERE observed_at < $1

-- list_hour --
-- Put an hour on the list for everyone who has spoken since. $1 hour
INSERT INTO ingest.rollup_due (device_no, hour)
SELECT device_no, $1::timestamptz FROM ingest.device_state WHERE last_seen_at >= $1::timestamptz - interval '1 hour'

-- set_mark --
-- Every hour before this is on the list. $1 until
INSERT INTO ingest.rollup_mark (until) VALUES ($1) ON CONFLICT (is_only) DO UPDATE SET until = excluded.until

-- find_due_hour --
-- The earliest hour to be rolled that is over. $1 until
SELECT min(hour) FROM ingest.rollup_due WHERE hour < $1

-- take_due --
-- Take devices of an hour from the list. $1 hour $2 most
DELETE FROM ingest.rollup_due WHERE ctid IN (SELECT ctid FROM ingest.rollup_due WHERE hour = $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING device_no

-- roll_hour --
-- Make the rows of some devices' hour from its readings and from what was true at its beginning; the next hour is due again when what is
-- true at the end has changed. $1 device numbers $2 hour $3 metrics that are booleans
WITH span AS (SELECT $2::timestamptz AS since, $2::timestamptz + interval '1 hour' AS until),
carried AS (
  SELECT h.device_no, h.metric, h.last_at FROM ingest.reading_hour h, span
  WHERE h.device_no = ANY ($1::bigint[]) AND h.metric = ANY ($3::smallint[]) AND h.hour = span.since - interval '1 hour'
    AND h.last = 1 AND h.last_at > span.since - interval '24 hours'),
said AS (
  SELECT r.device_no, r.metric, r.observed_at, r.value
  FROM unnest($1::bigint[]) AS d (no), ingest.metric m, span, LATERAL (
    SELECT r.device_no, r.metric, r.observed_at, r.value FROM ingest.reading r
    WHERE r.device_no = d.no AND r.metric = m.id AND r.observed_at >= span.since AND r.observed_at < span.until) AS r),
steps AS (
  SELECT device_no, metric, observed_at, value, false AS is_carried, NULL::timestamptz AS held_until FROM said
  UNION ALL
  SELECT c.device_no, c.metric, span.since, 1, true, c.last_at + interval '24 hours' FROM carried c, span),
timed AS (
  SELECT s.*, lead(observed_at, 1, (SELECT until FROM span)) OVER w AS ends_at, lag(value, 1, 0::float8) OVER w AS was
  FROM steps s WINDOW w AS (PARTITION BY device_no, metric ORDER BY is_carried DESC, observed_at, value)),
fresh AS (
  SELECT t.device_no, t.metric, min(value) FILTER (WHERE NOT is_carried) AS low, max(value) FILTER (WHERE NOT is_carried) AS high,
         avg(value ORDER BY observed_at, value) FILTER (WHERE NOT is_carried) AS mean,
         (count(*) FILTER (WHERE NOT is_carried))::int AS count,
         (array_agg(value ORDER BY is_carried, observed_at DESC, value DESC))[1] AS last,
         coalesce(max(observed_at) FILTER (WHERE NOT is_carried), max(c.last_at)) AS last_at,
         sum(extract(epoch FROM least(ends_at, coalesce(held_until, ends_at)) - observed_at)) FILTER (WHERE value = 1) AS true_s,
         (count(*) FILTER (WHERE NOT is_carried AND value <> was))::int AS changes
  FROM timed t LEFT JOIN carried c USING (device_no, metric) GROUP BY t.device_no, t.metric),
before AS (
  SELECT device_no, metric, last_at FROM ingest.reading_hour
  WHERE device_no = ANY ($1) AND hour = $2 AND metric = ANY ($3) AND last = 1),
gone AS (
  DELETE FROM ingest.reading_hour h WHERE h.device_no = ANY ($1) AND h.hour = $2
    AND NOT EXISTS (SELECT FROM fresh f WHERE f.device_no = h.device_no AND f.metric = h.metric)),
put AS (
  INSERT INTO ingest.reading_hour AS h (device_no, metric, hour, low, high, mean, count, last, last_at, true_s, changes)
  SELECT device_no, metric, $2, low, high, mean, count, last, last_at,
         CASE WHEN metric = ANY ($3) THEN coalesce(true_s, 0) END, CASE WHEN metric = ANY ($3) THEN changes END FROM fresh
  ON CONFLICT (device_no, metric, hour) DO UPDATE SET low = excluded.low, high = excluded.high, mean = excluded.mean, count = excluded.count,
    last = excluded.last, last_at = excluded.last_at, true_s = excluded.true_s, changes = excluded.changes)
INSERT INTO ingest.rollup_due (device_no, hour)
SELECT DISTINCT device_no, (SELECT until FROM span)
FROM (SELECT device_no, metric, last_at FROM fresh WHERE last = 1 AND metric = ANY ($3)) f
FULL JOIN before b USING (device_no, metric) WHERE f.last_at IS DISTINCT FROM b.last_at

-- roll_days --
-- Make the rows of some devices' local day from its hours. $1 device numbers $2 day $3 since $4 until
WITH fresh AS (
  SELECT device_no, metric, min(low) AS low, max(high) AS high,
         sum(mean * count ORDER BY hour) / nullif(sum(count), 0) AS mean, sum(count)::int AS count,
         (array_agg(last ORDER BY hour DESC))[1] AS last, sum(true_s ORDER BY hour) AS true_s, sum(changes)::int AS changes
  FROM ingest.reading_hour WHERE device_no = ANY ($1::bigint[]) AND hour >= $3 AND hour < $4 GROUP BY device_no, metric),
gone AS (
  DELETE FROM ingest.reading_day d WHERE d.device_no = ANY ($1) AND d.day = $2
    AND NOT EXISTS (SELECT FROM fresh f WHERE f.device_no = d.device_no AND f.metric = d.metric))
INSERT INTO ingest.reading_day (device_no, metric, day, low, high, mean, count, last, true_s, changes)
SELECT device_no, metric, $2, low, high, mean, count, last, true_s, changes FROM fresh
ON CONFLICT (device_no, metric, day) DO UPDATE SET low = excluded.low, high = excluded.high, mean = excluded.mean, count = excluded.count,
  last = excluded.last, true_s = excluded.true_s, changes = excluded.changes

-- drop_hours --
-- Hours past their retention. $1 before
DELETE FROM ingest.reading_hour WHERE hour < $1

-- drop_days --
-- Days past their retention. $1 before
DELETE FROM ingest.reading_day WHERE day < $1

-- list_hourly --
-- Hours of devices of the caller's district. $1 devices $2 since $3 until $4 most
SELECT device_id, metric, hour, low, high, mean, count, last, true_s, changes FROM rollups_hourly($1, $2, $3, $4)

-- list_daily --
-- Days of devices of the caller's district. $1 devices $2 since $3 until $4 most
SELECT device_id, metric, day, low, high, mean, count, last, true_s, changes FROM rollups_daily($1, $2, $3, $4)
