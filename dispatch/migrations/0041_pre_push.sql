-- Browsers that asked to be told by web push, and what came of the last message to each.

CREATE TABLE push_subscription (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  account_id uuid NOT NULL REFERENCES account,
  family_member_id uuid REFERENCES family_member,
  endpoint text NOT NULL CHECK (length(endpoint) <= 1000),
  p256dh text NOT NULL,
  auth text NOT NULL,
  device text NOT NULL CHECK (device IN ('android', 'apple', 'desktop', 'other')),
  created_at timestamptz NOT NULL,
  renewed_at timestamptz NOT NULL,
  taken_at timestamptz,
  received_at timestamptz,
  failed_at timestamptz,
  failed_code text,
  test_token bytea,
  tested_at timestamptz,
  CHECK ((failed_at IS NULL) = (failed_code IS NULL)),
  CHECK ((test_token IS NULL) = (tested_at IS NULL)),
  UNIQUE (district_id, endpoint)
);
COMMENT ON TABLE push_subscription IS 'owner: dispatch; retention: until it is withdrawn, or its push service says that it is gone';
COMMENT ON COLUMN push_subscription.endpoint IS 'address at the browser''s push service: bound to our VAPID key, of no use to anybody without it';
COMMENT ON COLUMN push_subscription.p256dh IS 'public key of the browser, base64url: messages are encrypted for it';
COMMENT ON COLUMN push_subscription.renewed_at IS 'when the browser last said that it still has it';
COMMENT ON COLUMN push_subscription.taken_at IS 'when its push service last took a message';
COMMENT ON COLUMN push_subscription.received_at IS 'when the browser itself last said that one arrived';
COMMENT ON COLUMN push_subscription.test_token IS 'SHA-256 of the nonce of the last test message: its receipt names it';
CREATE INDEX push_subscription_account ON push_subscription (account_id);
CREATE INDEX push_subscription_member ON push_subscription (family_member_id) WHERE family_member_id IS NOT NULL;
SELECT guard_district('push_subscription');
GRANT SELECT, INSERT, UPDATE, DELETE ON push_subscription TO yinling_web, yinling_worker;

-- What a home's switches turned to, and when: of a thousand times "in bed" only the first.
CREATE FUNCTION readings_switched(devices uuid[], names text[], since timestamptz, until timestamptz, most int)
RETURNS TABLE (device_id uuid, metric text, observed_at timestamptz, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id, t.name, t.observed_at, t.value FROM (
    SELECT d.id, m.name, r.observed_at, r.value, lag(r.value) OVER (PARTITION BY d.id, m.name ORDER BY r.observed_at) AS before
    FROM device d JOIN ingest.reading r ON r.device_no = d.no JOIN ingest.metric m ON m.id = r.metric
    WHERE d.id = ANY (devices) AND d.district_id = current_district() AND m.name = ANY (names)
      AND r.observed_at >= since AND r.observed_at < until) t
  WHERE t.value IS DISTINCT FROM t.before ORDER BY t.observed_at DESC, t.id, t.name LIMIT most
$$;
-- Readings gathered into equal pieces of time: few rows, however often a device speaks.
CREATE FUNCTION readings_gathered(devices uuid[], names text[], since timestamptz, until timestamptz, piece interval)
RETURNS TABLE (metric text, at timestamptz, low double precision, high double precision, mean double precision, count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.name, date_bin(piece, r.observed_at, since), min(r.value), max(r.value), avg(r.value), count(*)
  FROM device d JOIN ingest.reading r ON r.device_no = d.no JOIN ingest.metric m ON m.id = r.metric
  WHERE d.id = ANY (devices) AND d.district_id = current_district() AND m.name = ANY (names)
    AND r.observed_at >= since AND r.observed_at < until GROUP BY 1, 2 ORDER BY 2, 1 LIMIT 5000
$$;
REVOKE EXECUTE ON FUNCTION readings_switched(uuid[], text[], timestamptz, timestamptz, int),
  readings_gathered(uuid[], text[], timestamptz, timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION readings_switched(uuid[], text[], timestamptz, timestamptz, int),
  readings_gathered(uuid[], text[], timestamptz, timestamptz, interval) TO yinling_web;

SELECT fence_districts();
