-- What arrives before the district is known: inbox, readings, live state, dead letters, unknown devices. No row-level
-- security in here (COPY and compression refuse it); only the gateway's role may touch it. Others read through the
-- functions at the end, which see the devices of the caller's district only: they run as the owner, who is under the
-- forced policy of `device` like everybody.

CREATE TABLE ingest.metric (
  id smallint PRIMARY KEY,
  name text NOT NULL UNIQUE
);
COMMENT ON TABLE ingest.metric IS 'owner: gateway; retention: forever';
COMMENT ON COLUMN ingest.metric.id IS 'as in devices/data/metrics.toml; a test holds it';
INSERT INTO ingest.metric (id, name) VALUES
  (1, 'in_bed'), (2, 'heart_rate'), (3, 'respiration_rate'), (4, 'movement'), (5, 'wet'), (6, 'battery'), (7, 'mains'),
  (8, 'occupied'), (9, 'open'), (10, 'smoke'), (11, 'gas'), (12, 'co'), (13, 'leak'), (14, 'temperature'),
  (15, 'humidity'), (16, 'fall'), (17, 'steps'), (18, 'worn'), (19, 'lat'), (20, 'lon'), (21, 'illuminance'),
  (22, 'link_quality'), (23, 'tamper'), (24, 'voltage');

CREATE TABLE ingest.inbox (
  device_no bigint NOT NULL,
  message_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (device_no, message_id)
);
COMMENT ON TABLE ingest.inbox IS 'owner: gateway; retention: 35 days, longer than any device buffers (alarms keep their ids themselves)';
COMMENT ON COLUMN ingest.inbox.message_id IS 'the device''s id, or the hash of one that is no UUID';
CREATE INDEX inbox_received ON ingest.inbox USING brin (received_at);

CREATE TABLE ingest.reading_extra (
  device_no bigint NOT NULL,
  observed_at timestamptz NOT NULL,
  name text NOT NULL,
  value jsonb NOT NULL,
  why text NOT NULL CHECK (why IN ('unknown_name', 'out_of_range'))
);
COMMENT ON TABLE ingest.reading_extra IS 'owner: gateway; retention: 400 days';
CREATE INDEX reading_extra_device ON ingest.reading_extra (device_no, observed_at);

CREATE TABLE ingest.device_state (
  device_no bigint PRIMARY KEY,
  last_seen_at timestamptz NOT NULL,
  observed_at timestamptz,
  is_online boolean NOT NULL DEFAULT true,
  offline_since timestamptz,
  values jsonb NOT NULL DEFAULT '{}',
  skewed_at timestamptz,
  silent_check_at timestamptz,
  silent_since timestamptz
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON TABLE ingest.device_state IS 'owner: gateway; retention: as long as the device';
COMMENT ON COLUMN ingest.device_state.values IS 'latest values: {"heart_rate": [72, "2026-11-21T08:30:00.250Z"]}';
COMMENT ON COLUMN ingest.device_state.silent_check_at IS 'when to look whether it has been silent too long; null while it is known to be silent';
CREATE INDEX device_state_silent ON ingest.device_state (silent_check_at) WHERE silent_check_at IS NOT NULL;

CREATE TABLE ingest.watch (
  subject_id uuid PRIMARY KEY,
  state jsonb NOT NULL,
  due_at timestamptz
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON TABLE ingest.watch IS 'owner: gateway; retention: as long as the care bed';
COMMENT ON COLUMN ingest.watch.subject_id IS 'the care bed whose devices are judged together, or a device at no bed';
COMMENT ON COLUMN ingest.watch.state IS 'what the rules remember (gateway/rules)';
COMMENT ON COLUMN ingest.watch.due_at IS 'when time alone may raise something';
CREATE INDEX watch_due ON ingest.watch (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE ingest.dead_letter (
  id uuid PRIMARY KEY,
  received_at timestamptz NOT NULL,
  topic text NOT NULL,
  sender text,
  device_id uuid,
  unknown_id uuid,
  district_id uuid,
  reason text NOT NULL,
  field text,
  payload_sealed bytea NOT NULL,
  size int NOT NULL,
  tries int NOT NULL DEFAULT 0,
  retry_at timestamptz,
  solved_at timestamptz
);
COMMENT ON TABLE ingest.dead_letter IS 'owner: gateway; retention: 30 days; payloads are encrypted';
COMMENT ON COLUMN ingest.dead_letter.sender IS 'the broker''s user, where it said so';
COMMENT ON COLUMN ingest.dead_letter.unknown_id IS 'the unknown device that sent it: tried again when it is adopted';
COMMENT ON COLUMN ingest.dead_letter.district_id IS 'of the device or hub that the topic names, when it is known';
CREATE INDEX dead_letter_received ON ingest.dead_letter (received_at);
CREATE INDEX dead_letter_unknown ON ingest.dead_letter (unknown_id) WHERE unknown_id IS NOT NULL;
CREATE INDEX dead_letter_retry ON ingest.dead_letter (retry_at) WHERE retry_at IS NOT NULL;

CREATE TABLE ingest.unknown_device (
  id uuid PRIMARY KEY,
  hub_id uuid,
  district_id uuid,
  ecosystem text NOT NULL,
  address text NOT NULL,
  model text,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  times bigint NOT NULL DEFAULT 1,
  adopted_at timestamptz,
  device_id uuid,
  UNIQUE NULLS NOT DISTINCT (hub_id, ecosystem, address)
);
COMMENT ON TABLE ingest.unknown_device IS 'owner: gateway; retention: 30 days after it was last seen';

-- Alive and ready? Every role writes its own row; web reads them for /readyz.
CREATE TABLE role_heartbeat (
  role text NOT NULL,
  instance text NOT NULL,
  at timestamptz NOT NULL,
  ready boolean NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (role, instance)
);
COMMENT ON TABLE role_heartbeat IS 'owner: core (core/heartbeats.py); retention: 1 day';
GRANT SELECT, INSERT, UPDATE, DELETE ON role_heartbeat TO yinling_gateway, yinling_worker, yinling_web;

CREATE TABLE ingest.reading (
  device_no bigint NOT NULL,
  observed_at timestamptz NOT NULL,
  value double precision NOT NULL,
  metric smallint NOT NULL
) PARTITION BY RANGE (observed_at);

-- Readings: a hypertable where TimescaleDB is, native daily partitions and a default elsewhere; the same queries on both.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
    DROP TABLE ingest.reading;
    CREATE TABLE ingest.reading (
      device_no bigint NOT NULL,
      observed_at timestamptz NOT NULL,
      value double precision NOT NULL,
      metric smallint NOT NULL
    );
    EXECUTE $t$ SELECT create_hypertable('ingest.reading', 'observed_at', chunk_time_interval => interval '1 day', create_default_indexes => false) $t$;
  ELSE
    CREATE TABLE ingest.reading_default PARTITION OF ingest.reading DEFAULT;
    COMMENT ON TABLE ingest.reading_default IS 'owner: gateway; retention: 400 days; what falls outside the daily partitions';
  END IF;
END $$;
COMMENT ON TABLE ingest.reading IS 'owner: gateway; retention: 400 days';
COMMENT ON COLUMN ingest.reading.value IS 'in the metric''s unit; false and true as 0 and 1';
CREATE INDEX reading_device ON ingest.reading (device_no, metric, observed_at);

-- Make the daily partitions of [first, last] and drop what ended before `oldest`; does the same for a hypertable.
CREATE FUNCTION keep_partitions(first_day date, last_day date, oldest timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, public, pg_temp AS $$
DECLARE day date; made int := 0; part record;
BEGIN
  PERFORM pg_advisory_xact_lock(7419002);
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
    EXECUTE 'SELECT drop_chunks(''ingest.reading'', $1)' USING oldest;
    RETURN 0;
  END IF;
  FOR day IN SELECT generate_series(first_day, last_day, interval '1 day')::date LOOP
    CONTINUE WHEN to_regclass(format('ingest.%I', 'reading_' || to_char(day, 'YYYYMMDD'))) IS NOT NULL
      OR EXISTS (SELECT FROM ingest.reading_default WHERE observed_at >= day::timestamp AT TIME ZONE 'UTC'
                 AND observed_at < (day + 1)::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('CREATE TABLE ingest.%I PARTITION OF ingest.reading FOR VALUES FROM (%L) TO (%L)',
                   'reading_' || to_char(day, 'YYYYMMDD'), day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('COMMENT ON TABLE ingest.%I IS %L', 'reading_' || to_char(day, 'YYYYMMDD'), 'owner: gateway; retention: 400 days');
    made := made + 1;
  END LOOP;
  FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
              WHERE i.inhparent = 'ingest.reading'::regclass AND c.relname ~ '^reading_[0-9]{8}$'
                AND to_date(substr(c.relname, 9), 'YYYYMMDD') < (oldest AT TIME ZONE 'UTC')::date LOOP
    EXECUTE format('DROP TABLE ingest.%I', part.relname);
  END LOOP;
  DELETE FROM ingest.reading_default WHERE observed_at < oldest;
  RETURN made;
END $$;

-- Which partition is which is the owner's business; the gateway only writes through the parent.
GRANT SELECT, INSERT ON ingest.reading, ingest.reading_extra, ingest.metric TO yinling_gateway;
GRANT DELETE ON ingest.reading_extra TO yinling_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON ingest.inbox, ingest.device_state, ingest.watch, ingest.dead_letter,
  ingest.unknown_device TO yinling_gateway;

-- Readers for web and worker. Who is asked for must be a device of the current district.
CREATE FUNCTION readings_between(devices uuid[], since timestamptz, until timestamptz, most int)
RETURNS TABLE (device_id uuid, metric text, observed_at timestamptz, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.id, m.name, r.observed_at, r.value
  FROM device d JOIN ingest.reading r ON r.device_no = d.no JOIN ingest.metric m ON m.id = r.metric
  WHERE d.id = ANY (devices) AND d.district_id = current_district() AND r.observed_at >= since AND r.observed_at < until
  ORDER BY r.observed_at, d.id, m.name LIMIT most
$$;
CREATE FUNCTION readings_extra_between(devices uuid[], since timestamptz, until timestamptz, most int)
RETURNS TABLE (device_id uuid, name text, observed_at timestamptz, value jsonb, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.id, r.name, r.observed_at, r.value, r.why FROM device d JOIN ingest.reading_extra r ON r.device_no = d.no
  WHERE d.id = ANY (devices) AND d.district_id = current_district() AND r.observed_at >= since AND r.observed_at < until
  ORDER BY r.observed_at, d.id, r.name LIMIT most
$$;
CREATE FUNCTION states_of(devices uuid[])
RETURNS TABLE (device_id uuid, last_seen_at timestamptz, is_online boolean, silent_since timestamptz, skewed_at timestamptz, "values" jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.id, s.last_seen_at, s.is_online, s.silent_since, s.skewed_at, s.values
  FROM device d JOIN ingest.device_state s ON s.device_no = d.no
  WHERE d.id = ANY (devices) AND d.district_id = current_district() ORDER BY d.id
$$;
CREATE FUNCTION dead_letters_listed(after uuid, most int)
RETURNS TABLE (id uuid, received_at timestamptz, topic text, sender text, device_id uuid, reason text, field text, size int,
               tries int, retry_at timestamptz, solved_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, received_at, topic, sender, device_id, reason, field, size, tries, retry_at, solved_at FROM ingest.dead_letter
  WHERE district_id = current_district() AND (after IS NULL OR id < after) ORDER BY id DESC LIMIT most
$$;
CREATE FUNCTION dead_letter_found(wanted uuid)
RETURNS TABLE (id uuid, received_at timestamptz, topic text, sender text, device_id uuid, reason text, field text,
               payload_sealed bytea, size int, tries int, retry_at timestamptz, solved_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, received_at, topic, sender, device_id, reason, field, payload_sealed, size, tries, retry_at, solved_at
  FROM ingest.dead_letter WHERE id = wanted AND district_id = current_district()
$$;
-- Never what a sender said in another's name: trying it again would be saying it in that name.
CREATE FUNCTION dead_letter_retried(wanted uuid, at timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH done AS (UPDATE ingest.dead_letter SET retry_at = at WHERE id = wanted AND district_id = current_district()
                AND solved_at IS NULL AND sender IS NULL RETURNING id)
  SELECT EXISTS (SELECT FROM done)
$$;
CREATE FUNCTION unknown_devices_listed(after uuid, most int)
RETURNS TABLE (id uuid, hub_id uuid, ecosystem text, address text, model text, first_seen_at timestamptz,
               last_seen_at timestamptz, times bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, hub_id, ecosystem, address, model, first_seen_at, last_seen_at, times FROM ingest.unknown_device
  WHERE district_id = current_district() AND adopted_at IS NULL AND (after IS NULL OR id > after) ORDER BY id LIMIT most
$$;
-- An unknown device has become a device: its dead letters are tried again.
CREATE FUNCTION unknown_device_adopted(wanted uuid, device uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found_one record;
BEGIN
  UPDATE ingest.unknown_device SET adopted_at = at, device_id = device
  WHERE id = wanted AND district_id = current_district() AND adopted_at IS NULL RETURNING * INTO found_one;
  IF found_one IS NULL THEN RETURN false; END IF;
  UPDATE ingest.dead_letter SET retry_at = at
  WHERE reason = 'unknown_device' AND unknown_id = wanted AND solved_at IS NULL;
  RETURN true;
END $$;

REVOKE EXECUTE ON FUNCTION keep_partitions(date, date, timestamptz), readings_between(uuid[], timestamptz, timestamptz, int),
  readings_extra_between(uuid[], timestamptz, timestamptz, int), states_of(uuid[]), dead_letters_listed(uuid, int),
  dead_letter_found(uuid), dead_letter_retried(uuid, timestamptz), unknown_devices_listed(uuid, int), unknown_device_adopted(uuid, uuid, timestamptz)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_partitions(date, date, timestamptz) TO yinling_gateway;
GRANT EXECUTE ON FUNCTION readings_between(uuid[], timestamptz, timestamptz, int),
  readings_extra_between(uuid[], timestamptz, timestamptz, int), states_of(uuid[]), dead_letters_listed(uuid, int),
  dead_letter_retried(uuid, timestamptz), unknown_devices_listed(uuid, int), unknown_device_adopted(uuid, uuid, timestamptz)
  TO yinling_web, yinling_worker;
GRANT EXECUTE ON FUNCTION dead_letter_found(uuid) TO yinling_web;
