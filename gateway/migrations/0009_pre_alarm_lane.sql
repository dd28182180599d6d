-- An alarm in one round trip, and devices that have never spoken.

-- Raise alarms once each, in the order given, each in the district of its device: enter the district, look for the same
-- press a moment ago (for senders that number nothing), insert at the bed where the device is now (a historical one: where it
-- was when that was observed, or where it first came to), tell who listens.
-- With the caller's own rights: row-level security judges every row. A call is one statement, so it may be a transaction
-- of its own: one round trip from a press to a commit.
CREATE FUNCTION raise_alarms(ids uuid[], districts uuid[], devices uuid[], message_ids text[], types text[], classes text[],
  severities int[], observed timestamptz[], received timestamptz[], historicals boolean[], skeweds boolean[], rules text[],
  evidences text[], raws bytea[], echoes timestamptz[], listeners text[])
RETURNS TABLE (alarm_id uuid, is_new boolean)
LANGUAGE plpgsql AS $$
DECLARE entered uuid; elder uuid;
BEGIN
  FOR nth IN 1 .. cardinality(ids) LOOP
    IF entered IS DISTINCT FROM districts[nth] THEN
      entered := districts[nth];
      PERFORM set_config('yinling.district', entered::text, true);
    END IF;
    is_new := false;
    -- After an outage most of what comes is said again: looking is cheaper than trying to insert.
    SELECT a.id INTO alarm_id FROM alarm a WHERE a.device_id = devices[nth] AND a.message_id = message_ids[nth];
    IF alarm_id IS NULL AND echoes[nth] IS NOT NULL THEN
      -- Not what was cancelled since, nor history for news, nor what our own clock put into the future before it was mended.
      SELECT a.id INTO alarm_id FROM alarm a WHERE a.device_id = devices[nth] AND a.type = types[nth]
        AND a.received_at BETWEEN echoes[nth] AND received[nth] + (received[nth] - echoes[nth])
        AND a.rule IS NULL AND a.cancelled_at IS NULL AND a.historical = historicals[nth]
        ORDER BY a.received_at DESC LIMIT 1;
    END IF;
    IF alarm_id IS NULL THEN
      INSERT INTO alarm (id, district_id, device_id, care_bed_id, elder_id, message_id, type, class, severity, observed_at,
                         received_at, historical, skewed, rule, evidence, raw)
      SELECT ids[nth], entered, d.id, w.care_bed_id, b.elder_id, message_ids[nth], types[nth], classes[nth], severities[nth],
             observed[nth], received[nth], historicals[nth], skeweds[nth], rules[nth], evidences[nth]::jsonb, raws[nth]
      FROM device d
      CROSS JOIN LATERAL (SELECT CASE
        WHEN NOT historicals[nth] OR NOT EXISTS (SELECT FROM device_binding x WHERE x.device_id = d.id) THEN d.care_bed_id
        ELSE (SELECT x.care_bed_id FROM device_binding x WHERE x.device_id = d.id AND CASE
                WHEN x.bound_at <= observed[nth] THEN x.unbound_at IS NULL OR x.unbound_at > observed[nth]
                ELSE NOT EXISTS (SELECT FROM device_binding y WHERE y.device_id = d.id AND y.bound_at <= observed[nth])
              END ORDER BY x.bound_at LIMIT 1)
        END AS care_bed_id) w
      LEFT JOIN care_bed b ON b.id = w.care_bed_id AND (historicals[nth] OR b.ended_on IS NULL) WHERE d.id = devices[nth]
      ON CONFLICT (device_id, message_id) DO NOTHING RETURNING id, elder_id INTO alarm_id, elder;
      is_new := alarm_id IS NOT NULL;
      IF NOT is_new THEN
        SELECT a.id INTO alarm_id FROM alarm a WHERE a.device_id = devices[nth] AND a.message_id = message_ids[nth];
      ELSIF NOT historicals[nth] THEN
        INSERT INTO event (district_id, kind, subject_id, roles, at, elder_id)
        VALUES (entered, 'alarm.raised', alarm_id, listeners, received[nth], elder);
      END IF;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION raise_alarms(uuid[], uuid[], uuid[], text[], text[], text[], int[], timestamptz[], timestamptz[],
  boolean[], boolean[], text[], text[], bytea[], timestamptz[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raise_alarms(uuid[], uuid[], uuid[], text[], text[], text[], int[], timestamptz[], timestamptz[],
  boolean[], boolean[], text[], text[], bytea[], timestamptz[], text[]) TO yinling_gateway;

-- A device that was bound to a bed and never spoke is watched as well: a live state without a last word.
ALTER TABLE ingest.device_state ALTER COLUMN last_seen_at DROP NOT NULL;
COMMENT ON COLUMN ingest.device_state.last_seen_at IS 'null: bound to a bed and never heard';
CREATE POLICY gateway_reads ON device_binding FOR SELECT TO yinling_gateway USING (true);
GRANT SELECT (device_id, care_bed_id, bound_at, unbound_at) ON device_binding TO yinling_gateway;
