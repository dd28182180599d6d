-- The values of further devices (devices/data/metrics.toml), and messages that come over HTTP.

INSERT INTO ingest.metric (id, name) VALUES
  (25, 'spo2'), (26, 'systolic'), (27, 'diastolic'), (28, 'blood_glucose'), (29, 'body_temperature'),
  (30, 'weight'), (31, 'co2'), (32, 'pm25'), (33, 'pm10'), (34, 'voc'), (35, 'formaldehyde'), (36, 'co_level'),
  (37, 'gas_level'), (38, 'pressure'), (39, 'noise'), (40, 'apnoea'), (41, 'lead_off'), (42, 'snoring'),
  (43, 'asleep'), (44, 'sleep_stage'), (45, 'body_moved'), (46, 'turned'), (47, 'heart_rate_variability'),
  (48, 'stress'), (49, 'medicine_taken'), (50, 'medicine_missed'), (51, 'lid_open'), (52, 'heat'),
  (53, 'battery_low'), (54, 'fault'), (55, 'switched_on'), (56, 'power'), (57, 'energy'), (58, 'current'),
  (59, 'water_used'), (60, 'flow'), (61, 'signal'), (62, 'snr'), (63, 'accuracy_m'), (64, 'speed'), (65, 'course'),
  (66, 'altitude'), (67, 'satellites'), (68, 'people'), (69, 'distance'), (70, 'vibration'), (71, 'locked'),
  (72, 'charging'), (73, 'calories'), (74, 'device_temperature'), (75, 'uptime'), (76, 'sound');

CREATE TABLE ingest.http_uplink (
  id uuid PRIMARY KEY,
  hub_id uuid NOT NULL,
  topic text NOT NULL,
  payload_sealed bytea,
  received_at timestamptz NOT NULL,
  handled_at timestamptz,
  answer bytea,
  refusal text
);
COMMENT ON TABLE ingest.http_uplink IS 'owner: gateway; retention: 7 days; payloads are encrypted, and dropped as soon as they are handled';
COMMENT ON COLUMN ingest.http_uplink.topic IS 'as if a hub had published it: eco/{hub}/{ecosystem}/…';
COMMENT ON COLUMN ingest.http_uplink.answer IS 'what the ecosystem''s own protocol says back';
COMMENT ON COLUMN ingest.http_uplink.refusal IS 'why it was not understood; the bytes are then a dead letter';
CREATE INDEX http_uplink_waiting ON ingest.http_uplink (received_at) WHERE handled_at IS NULL;
CREATE INDEX http_uplink_received ON ingest.http_uplink (received_at);
GRANT SELECT, UPDATE, DELETE ON ingest.http_uplink TO yinling_gateway;

-- Web takes a message of a hub whose password it has just checked; false: the credential was revoked meanwhile.
CREATE FUNCTION http_uplink_taken(wanted uuid, hub_name text, below text, sealed bytea, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE hub uuid;
BEGIN
  SELECT device_id INTO hub FROM device_credential WHERE username = hub_name AND is_hub AND revoked_at IS NULL;
  IF hub IS NULL THEN RETURN false; END IF;
  INSERT INTO ingest.http_uplink (id, hub_id, topic, payload_sealed, received_at)
  VALUES (wanted, hub, 'eco/' || hub || '/' || below, sealed, at);
  PERFORM pg_notify('http_uplink', '');
  RETURN true;
END $$;
-- What became of it; who asks knows the id, which nobody else has seen.
CREATE FUNCTION http_uplink_answered(wanted uuid) RETURNS TABLE (answer bytea, refusal text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT answer, refusal FROM ingest.http_uplink WHERE id = wanted AND handled_at IS NOT NULL
$$;
REVOKE EXECUTE ON FUNCTION http_uplink_taken(uuid, text, text, bytea, timestamptz), http_uplink_answered(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION http_uplink_taken(uuid, text, text, bytea, timestamptz), http_uplink_answered(uuid), broker_login(text)
  TO yinling_web;
