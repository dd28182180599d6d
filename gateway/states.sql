-- apply_states --
-- Merge what devices said into their live state; what is older fills gaps only.
-- $1 device numbers $2 seen at $3 observed at $4 values $5 silent if not heard by $6 skewed at
INSERT INTO ingest.device_state AS s (device_no, last_seen_at, observed_at, values, silent_check_at, skewed_at)
SELECT n.no, n.seen, n.observed, n.vals::jsonb, n.silent, n.skewed
FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::timestamptz[], $6::timestamptz[])
  AS n (no, seen, observed, vals, silent, skewed)
ON CONFLICT (device_no) DO UPDATE SET
  last_seen_at = greatest(s.last_seen_at, excluded.last_seen_at),
  observed_at = greatest(s.observed_at, excluded.observed_at),
  values = CASE WHEN s.observed_at IS NULL OR excluded.observed_at >= s.observed_at THEN s.values || excluded.values
                ELSE excluded.values || s.values END,
  is_online = true, offline_since = NULL, silent_since = NULL,
  silent_check_at = coalesce(s.silent_check_at, excluded.silent_check_at),
  skewed_at = coalesce(excluded.skewed_at, s.skewed_at)

-- mark_seen --
-- Note that devices spoke without values. $1 device numbers $2 now $3 silent if not heard by
INSERT INTO ingest.device_state AS s (device_no, last_seen_at, silent_check_at)
SELECT n.no, $2, n.silent FROM unnest($1::bigint[], $3::timestamptz[]) AS n (no, silent)
ON CONFLICT (device_no) DO UPDATE SET last_seen_at = greatest(s.last_seen_at, $2), is_online = true, offline_since = NULL,
  silent_since = NULL, silent_check_at = coalesce(s.silent_check_at, excluded.silent_check_at)

-- mark_status --
-- Birth or last will. $1 device number $2 online $3 now $4 silent if not heard by
INSERT INTO ingest.device_state AS s (device_no, last_seen_at, is_online, offline_since, silent_check_at)
VALUES ($1, $3, $2, CASE WHEN $2 THEN NULL ELSE $3::timestamptz END, $4)
ON CONFLICT (device_no) DO UPDATE SET is_online = $2,
  last_seen_at = CASE WHEN $2 THEN greatest(s.last_seen_at, $3) ELSE s.last_seen_at END,
  silent_since = CASE WHEN $2 THEN NULL ELSE s.silent_since END,
  silent_check_at = CASE WHEN $2 THEN coalesce(s.silent_check_at, $4) ELSE s.silent_check_at END,
  offline_since = CASE WHEN $2 THEN NULL ELSE coalesce(s.offline_since, $3) END

-- list_of --
-- Live state of devices of the caller's district. $1 devices
SELECT device_id, last_seen_at, is_online, silent_since, skewed_at, "values" FROM states_of($1)

-- list_silent_due --
-- Whose silence must be looked at. $1 now $2 most
SELECT device_no, last_seen_at FROM ingest.device_state WHERE silent_check_at <= $1 AND last_seen_at IS NOT NULL
ORDER BY silent_check_at LIMIT $2 FOR UPDATE SKIP LOCKED

-- postpone_silence --
-- Look again later, or (null) not before it speaks. $1 device numbers $2 when $3 silent since
UPDATE ingest.device_state s SET silent_check_at = n.at, silent_since = n.since
FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS n (no, at, since) WHERE s.device_no = n.no
