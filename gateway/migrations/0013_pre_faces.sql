-- What the pages of devices ask: the fleet by any filter, a device's day, dead letters by filter, a device listened to.

-- The fleet, narrow enough that 100,000 devices are filtered and sorted in one look. Kept by triggers: by the registry's
-- at once, by the live state's when a device comes, goes or falls silent, and once in ten minutes while it speaks.
CREATE TABLE ingest.fleet (
  device_no bigint PRIMARY KEY,
  device_id uuid NOT NULL,
  district_id uuid NOT NULL,
  thing_model text NOT NULL,
  care_bed_id uuid,
  region_code text,
  label text NOT NULL DEFAULT '',
  search text NOT NULL DEFAULT '',
  seen_slot timestamptz,
  battery smallint,
  is_online boolean NOT NULL DEFAULT true,
  is_silent boolean NOT NULL DEFAULT false,
  tested_at timestamptz
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON TABLE ingest.fleet IS 'owner: gateway; retention: as long as the device is in use; written by triggers only';
COMMENT ON COLUMN ingest.fleet.label IS 'of the care bed: the fleet is in the order of its kits';
COMMENT ON COLUMN ingest.fleet.tested_at IS 'when it last passed a test by a person (install_check)';
COMMENT ON COLUMN ingest.fleet.search IS 'device, address, kit, bed and elder in lower case';
CREATE INDEX fleet_kit ON ingest.fleet (district_id, label, device_no);
CREATE INDEX fleet_seen ON ingest.fleet (district_id, coalesce(seen_slot, '-infinity'), device_no);
CREATE INDEX fleet_battery ON ingest.fleet (district_id, coalesce(battery, 999), device_no);
CREATE INDEX fleet_newest ON ingest.fleet (district_id, device_no DESC);
CREATE INDEX fleet_region ON ingest.fleet (district_id, region_code, label, device_no);
CREATE INDEX fleet_model ON ingest.fleet (district_id, thing_model, label, device_no);
CREATE INDEX fleet_silent ON ingest.fleet (district_id) WHERE is_silent;
CREATE INDEX fleet_offline ON ingest.fleet (district_id) WHERE NOT is_online;
CREATE INDEX fleet_never ON ingest.fleet (district_id) WHERE seen_slot IS NULL;

CREATE FUNCTION battery_of(said jsonb) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(said->'battery'->0) = 'number'
              THEN least(greatest(round((said->'battery'->>0)::numeric), 0), 100)::smallint END
$$;
CREATE FUNCTION slot_of(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT date_bin('10 minutes', at, timestamptz '2000-01-01 00:00:00+00')
$$;

-- Write these devices of the current district as they are in the registry now.
CREATE FUNCTION keep_fleet(changed uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM ingest.fleet f USING device d WHERE d.id = ANY (changed) AND f.device_no = d.no AND d.retired_at IS NOT NULL;
  INSERT INTO ingest.fleet AS f (device_no, device_id, district_id, thing_model, care_bed_id, region_code, label, search,
                                 seen_slot, battery, is_online, is_silent, tested_at)
  SELECT d.no, d.id, d.district_id, d.thing_model, b.id, h.region_code, coalesce(b.label, ''),
         lower(concat_ws(' ', d.name, d.address, d.id, k.serial, b.label, e.name)), slot_of(s.last_seen_at), battery_of(s.values),
         coalesce(s.is_online, true), s.silent_since IS NOT NULL,
         (SELECT max(c.seen_at) FROM install_check c WHERE c.device_id = d.id)
  FROM device d LEFT JOIN care_bed b ON b.id = d.care_bed_id LEFT JOIN elder e ON e.id = b.elder_id
       LEFT JOIN home h ON h.id = b.home_id LEFT JOIN kit k ON k.id = d.kit_id LEFT JOIN ingest.device_state s ON s.device_no = d.no
  WHERE d.id = ANY (changed) AND d.retired_at IS NULL
  ON CONFLICT (device_no) DO UPDATE SET thing_model = excluded.thing_model, care_bed_id = excluded.care_bed_id,
    region_code = excluded.region_code, label = excluded.label, search = excluded.search,
    tested_at = excluded.tested_at
$$;
CREATE FUNCTION keep_fleet_of_device() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM keep_fleet(array_agg(n.id)) FROM changed n; RETURN NULL; END $$;
CREATE FUNCTION keep_fleet_of_bed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM keep_fleet(array_agg(d.id)) FROM changed n JOIN device d ON d.care_bed_id = n.id; RETURN NULL; END $$;
CREATE FUNCTION keep_fleet_of_elder() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM keep_fleet(array_agg(d.id)) FROM changed n JOIN care_bed b ON b.elder_id = n.id JOIN device d ON d.care_bed_id = b.id; RETURN NULL; END $$;
CREATE FUNCTION keep_fleet_of_home() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM keep_fleet(array_agg(d.id)) FROM changed n JOIN care_bed b ON b.home_id = n.id JOIN device d ON d.care_bed_id = b.id; RETURN NULL; END $$;
CREATE TRIGGER device_fleet_new AFTER INSERT ON device REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_fleet_of_device();
CREATE TRIGGER device_fleet AFTER UPDATE ON device REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_fleet_of_device();
CREATE TRIGGER care_bed_fleet AFTER UPDATE ON care_bed REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_fleet_of_bed();
CREATE TRIGGER elder_fleet AFTER UPDATE ON elder REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_fleet_of_elder();
CREATE TRIGGER home_fleet AFTER UPDATE ON home REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_fleet_of_home();
CREATE FUNCTION keep_fleet_of_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN UPDATE ingest.fleet f SET tested_at = greatest(f.tested_at, n.seen_at) FROM changed n WHERE f.device_id = n.device_id AND n.seen_at IS NOT NULL; RETURN NULL; END $$;
CREATE TRIGGER install_check_fleet_new AFTER INSERT ON install_check REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_fleet_of_check();
CREATE TRIGGER install_check_fleet AFTER UPDATE ON install_check REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_fleet_of_check();
CREATE UNIQUE INDEX fleet_device ON ingest.fleet (device_id);
CREATE INDEX care_bed_home ON care_bed (home_id);

CREATE FUNCTION keep_fleet_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE ingest.fleet SET seen_slot = slot_of(NEW.last_seen_at), battery = battery_of(NEW.values), is_online = NEW.is_online,
    is_silent = NEW.silent_since IS NOT NULL WHERE device_no = NEW.device_no;
  RETURN NULL;
END $$;
CREATE TRIGGER device_state_fleet_new AFTER INSERT ON ingest.device_state FOR EACH ROW EXECUTE FUNCTION keep_fleet_state();
CREATE TRIGGER device_state_fleet AFTER UPDATE ON ingest.device_state FOR EACH ROW
  WHEN (OLD.is_online IS DISTINCT FROM NEW.is_online OR (OLD.silent_since IS NULL) <> (NEW.silent_since IS NULL)
        OR slot_of(OLD.last_seen_at) <> slot_of(NEW.last_seen_at))
  EXECUTE FUNCTION keep_fleet_state();

-- What is there already, district by district: the owner too sees one at a time.
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT id FROM district LOOP
    PERFORM set_config('yinling.district', one.id::text, true);
    PERFORM keep_fleet(array_agg(id)) FROM device;
  END LOOP;
  PERFORM set_config('yinling.district', '', true);
END $$;

-- Does a device of the fleet pass the filters? Null or empty: no such filter. Inlined where it is used.
CREATE FUNCTION fleet_passes(f ingest.fleet, model text, region text, condition text, low int, tested_before timestamptz, needle text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (model IS NULL OR f.thing_model = model) AND (region IS NULL OR f.region_code = region)
    AND (condition IS NULL OR CASE condition
      WHEN 'online' THEN f.seen_slot IS NOT NULL AND f.is_online AND NOT f.is_silent
      WHEN 'offline' THEN NOT f.is_online AND f.seen_slot IS NOT NULL
      WHEN 'silent' THEN f.is_silent
      WHEN 'never' THEN f.seen_slot IS NULL
      WHEN 'attention' THEN f.seen_slot IS NULL OR NOT f.is_online OR f.is_silent OR coalesce(f.battery, 999) <= low
      WHEN 'low_battery' THEN coalesce(f.battery, 999) <= low
      WHEN 'untested' THEN coalesce(f.tested_at, '-infinity') < tested_before END)
    AND (needle IS NULL OR f.search LIKE '%' || needle || '%')
$$;

-- A page of the fleet. `sort`: kit, seen (longest unheard first), battery (emptiest first), newest. Keys are for the next page.
-- Planned for the filters of each call: what is not asked costs nothing.
CREATE FUNCTION fleet_found(model text, region text, condition text, low int, tested_before timestamptz, needle text, sort text,
                            after_rank float8, after_label text, after_no bigint, most int)
RETURNS TABLE (device_id uuid, rank float8, label text, device_no bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE mine uuid := current_district();
BEGIN
  IF sort = 'seen' THEN RETURN QUERY
    SELECT f.device_id, extract(epoch FROM coalesce(f.seen_slot, '-infinity'))::float8, '', f.device_no FROM ingest.fleet f
    WHERE f.district_id = mine AND fleet_passes(f, model, region, condition, low, tested_before, needle)
      AND (after_no IS NULL OR (coalesce(f.seen_slot, '-infinity'), f.device_no) > (to_timestamp(after_rank), after_no))
    ORDER BY coalesce(f.seen_slot, '-infinity'), f.device_no LIMIT most;
  ELSIF sort = 'battery' THEN RETURN QUERY
    SELECT f.device_id, coalesce(f.battery, 999)::float8, '', f.device_no FROM ingest.fleet f
    WHERE f.district_id = mine AND fleet_passes(f, model, region, condition, low, tested_before, needle)
      AND (after_no IS NULL OR (coalesce(f.battery, 999), f.device_no) > (after_rank::int, after_no))
    ORDER BY coalesce(f.battery, 999), f.device_no LIMIT most;
  ELSIF sort = 'newest' THEN RETURN QUERY
    SELECT f.device_id, 0::float8, '', f.device_no FROM ingest.fleet f
    WHERE f.district_id = mine AND fleet_passes(f, model, region, condition, low, tested_before, needle)
      AND (after_no IS NULL OR f.device_no < after_no) ORDER BY f.device_no DESC LIMIT most;
  ELSE RETURN QUERY
    SELECT f.device_id, 0::float8, f.label, f.device_no FROM ingest.fleet f
    WHERE f.district_id = mine AND fleet_passes(f, model, region, condition, low, tested_before, needle)
      AND (after_no IS NULL OR (f.label, f.device_no) > (after_label, after_no)) ORDER BY f.label, f.device_no LIMIT most;
  END IF;
END $$;

-- How many there are, and how many of them want attention: each from an index of its own.
CREATE FUNCTION fleet_counted(low int)
RETURNS TABLE ("all" bigint, offline bigint, silent bigint, never bigint, low_battery bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT count(*) FROM ingest.fleet WHERE district_id = current_district()),
         (SELECT count(*) FROM ingest.fleet WHERE district_id = current_district() AND NOT is_online AND seen_slot IS NOT NULL),
         (SELECT count(*) FROM ingest.fleet WHERE district_id = current_district() AND is_silent),
         (SELECT count(*) FROM ingest.fleet WHERE district_id = current_district() AND seen_slot IS NULL),
         (SELECT count(*) FROM ingest.fleet WHERE district_id = current_district() AND coalesce(battery, 999) <= low)
$$;

-- The communities that have devices: a step from one to the next along the index.
CREATE FUNCTION fleet_regions() RETURNS TABLE (code text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE step AS (
    (SELECT region_code FROM ingest.fleet WHERE district_id = current_district() AND region_code IS NOT NULL ORDER BY region_code LIMIT 1)
    UNION ALL
    SELECT (SELECT f.region_code FROM ingest.fleet f WHERE f.district_id = current_district() AND f.region_code > s.region_code
            ORDER BY f.region_code LIMIT 1) FROM step s WHERE s.region_code IS NOT NULL)
  SELECT r.code, r.name FROM step s JOIN region r ON r.code = s.region_code ORDER BY r.code
$$;

-- A device's values in slots of time: enough for a chart, however often it speaks.
CREATE FUNCTION readings_binned(device uuid, since timestamptz, until timestamptz, step interval)
RETURNS TABLE (metric text, at timestamptz, low float8, mean float8, high float8, times bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.name, date_bin(step, r.observed_at, since), min(r.value), avg(r.value), max(r.value), count(*)
  FROM device d JOIN ingest.reading r ON r.device_no = d.no JOIN ingest.metric m ON m.id = r.metric
  WHERE d.id = device AND d.district_id = current_district() AND r.observed_at >= since AND r.observed_at < until
  GROUP BY 1, 2 ORDER BY 1, 2
$$;

-- Dead letters by filter.
CREATE INDEX dead_letter_district ON ingest.dead_letter (district_id, id);
CREATE INDEX dead_letter_device ON ingest.dead_letter (device_id, id) WHERE device_id IS NOT NULL;
CREATE FUNCTION letter_passes(l ingest.dead_letter, why text, speaker uuid, condition text, since timestamptz, needle text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (why IS NULL OR l.reason = why) AND (speaker IS NULL OR l.device_id = speaker)
    AND (condition IS NULL OR CASE condition WHEN 'open' THEN l.solved_at IS NULL WHEN 'solved' THEN l.solved_at IS NOT NULL
                                             WHEN 'waiting' THEN l.retry_at IS NOT NULL END)
    AND (since IS NULL OR l.received_at >= since) AND (needle IS NULL OR strpos(lower(l.topic), needle) > 0)
$$;
CREATE FUNCTION dead_letters_found(why text, speaker uuid, condition text, since timestamptz, needle text, after uuid, most int)
RETURNS TABLE (id uuid, received_at timestamptz, topic text, sender text, device_id uuid, unknown_id uuid, reason text, field text,
               size int, tries int, retry_at timestamptz, solved_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, received_at, topic, sender, device_id, unknown_id, reason, field, size, tries, retry_at, solved_at
  FROM ingest.dead_letter l WHERE l.district_id = current_district() AND letter_passes(l, why, speaker, condition, since, needle)
    AND (after IS NULL OR l.id < after) ORDER BY l.id DESC LIMIT most
$$;
CREATE FUNCTION dead_letters_counted(speaker uuid, condition text, since timestamptz, needle text)
RETURNS TABLE (reason text, letters bigint, latest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.reason, count(*), max(l.received_at) FROM ingest.dead_letter l
  WHERE l.district_id = current_district() AND letter_passes(l, NULL, speaker, condition, since, needle)
  GROUP BY l.reason ORDER BY 2 DESC, 1
$$;
CREATE FUNCTION dead_letters_retried(why text, speaker uuid, condition text, since timestamptz, needle text, at timestamptz, most int)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH done AS (UPDATE ingest.dead_letter SET retry_at = at WHERE id IN (
    SELECT l.id FROM ingest.dead_letter l WHERE l.district_id = current_district() AND l.solved_at IS NULL AND l.sender IS NULL
      AND l.retry_at IS NULL AND letter_passes(l, why, speaker, condition, since, needle) ORDER BY l.id LIMIT most) RETURNING 1)
  SELECT count(*) FROM done
$$;
CREATE FUNCTION dead_letters_open() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FROM (SELECT FROM ingest.dead_letter WHERE district_id = current_district() AND solved_at IS NULL LIMIT 1000) AS l
$$;

-- A device listened to: for some minutes the gateway keeps what it says, word for word.
CREATE TABLE device_trace (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  device_id uuid NOT NULL REFERENCES device,
  started_by uuid NOT NULL REFERENCES account,
  started_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at <= started_at + interval '1 hour')
);
COMMENT ON TABLE device_trace IS 'owner: gateway; retention: 1 year; who listened to which device, and when';
CREATE INDEX device_trace_device ON device_trace (device_id, started_at);
SELECT guard_district('device_trace');
CREATE POLICY gateway_reads ON device_trace FOR SELECT TO yinling_gateway USING (true);
CREATE POLICY gateway_forgets ON device_trace FOR DELETE TO yinling_gateway USING (true);
GRANT SELECT, DELETE ON device_trace TO yinling_gateway;
GRANT SELECT, INSERT, UPDATE (ends_at) ON device_trace TO yinling_web;
CREATE TRIGGER device_trace_doorbell AFTER INSERT OR UPDATE ON device_trace FOR EACH STATEMENT EXECUTE FUNCTION ring_registry();

CREATE TABLE ingest.trace_message (
  id uuid PRIMARY KEY,
  device_no bigint NOT NULL,
  received_at timestamptz NOT NULL,
  topic text NOT NULL,
  kind text NOT NULL,
  size int NOT NULL,
  payload_sealed bytea NOT NULL,
  decoded_sealed bytea NOT NULL
);
COMMENT ON TABLE ingest.trace_message IS 'owner: gateway; retention: 24 hours; what devices said while they were listened to, encrypted';
CREATE INDEX trace_message_device ON ingest.trace_message (device_no, id);
CREATE INDEX trace_message_received ON ingest.trace_message (received_at);
GRANT SELECT, INSERT, DELETE ON ingest.trace_message TO yinling_gateway;
CREATE FUNCTION trace_messages_of(device uuid, most int)
RETURNS TABLE (id uuid, received_at timestamptz, topic text, kind text, size int, payload_sealed bytea, decoded_sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id, t.received_at, t.topic, t.kind, t.size, t.payload_sealed, t.decoded_sealed
  FROM device d JOIN ingest.trace_message t ON t.device_no = d.no
  WHERE d.id = device AND d.district_id = current_district() ORDER BY t.id DESC LIMIT most
$$;

-- Nobody makes a trigger of his own of them: they run as the owner.
REVOKE EXECUTE ON FUNCTION keep_fleet_of_device(), keep_fleet_of_bed(), keep_fleet_of_elder(), keep_fleet_of_home(),
  keep_fleet_of_check(), keep_fleet_state() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION keep_fleet(uuid[]), fleet_found(text, text, text, int, timestamptz, text, text, float8, text, bigint, int),
  fleet_counted(int), fleet_regions(), readings_binned(uuid, timestamptz, timestamptz, interval),
  dead_letters_found(text, uuid, text, timestamptz, text, uuid, int), dead_letters_counted(uuid, text, timestamptz, text),
  dead_letters_retried(text, uuid, text, timestamptz, text, timestamptz, int), dead_letters_open(), trace_messages_of(uuid, int)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fleet_found(text, text, text, int, timestamptz, text, text, float8, text, bigint, int),
  fleet_counted(int), fleet_regions(), readings_binned(uuid, timestamptz, timestamptz, interval),
  dead_letters_found(text, uuid, text, timestamptz, text, uuid, int), dead_letters_counted(uuid, text, timestamptz, text),
  dead_letters_retried(text, uuid, text, timestamptz, text, timestamptz, int), dead_letters_open(), trace_messages_of(uuid, int)
  TO yinling_web;

SELECT fence_districts();
