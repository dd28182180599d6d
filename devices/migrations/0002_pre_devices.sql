-- Care beds, devices, their history of being bound to a bed, and who may speak to the broker.

CREATE TABLE care_bed (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  home_id uuid NOT NULL REFERENCES home,
  provider_id uuid,
  label text NOT NULL,
  enrolled_on date NOT NULL,
  ended_on date
);
COMMENT ON TABLE care_bed IS 'owner: devices; retention: 10 years after it ended';
CREATE INDEX care_bed_elder ON care_bed (elder_id);
SELECT guard_district('care_bed');

CREATE TABLE device (
  id uuid PRIMARY KEY,
  no bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  district_id uuid NOT NULL REFERENCES district,
  care_bed_id uuid REFERENCES care_bed,
  thing_model text NOT NULL,
  name text NOT NULL,
  room text,
  hub_id uuid REFERENCES device,
  ecosystem text NOT NULL DEFAULT 'native',
  address text,
  created_at timestamptz NOT NULL,
  retired_at timestamptz,
  UNIQUE (hub_id, ecosystem, address)
);
COMMENT ON TABLE device IS 'owner: devices; retention: as long as readings or alarms name it';
COMMENT ON COLUMN device.no IS 'the short key of readings and device state';
COMMENT ON COLUMN device.address IS 'its own name at its hub (Zigbee2MQTT: friendly name or IEEE address)';
CREATE INDEX device_care_bed ON device (care_bed_id);
SELECT guard_district('device');
CREATE POLICY gateway_reads ON device FOR SELECT TO yinling_gateway USING (true);
CREATE POLICY gateway_reads ON care_bed FOR SELECT TO yinling_gateway USING (true);

CREATE TABLE device_binding (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  device_id uuid NOT NULL REFERENCES device,
  care_bed_id uuid NOT NULL REFERENCES care_bed,
  room text,
  bound_at timestamptz NOT NULL,
  unbound_at timestamptz
);
COMMENT ON TABLE device_binding IS 'owner: devices; retention: 10 years';
CREATE INDEX device_binding_device ON device_binding (device_id, bound_at);
SELECT guard_district('device_binding');

CREATE TABLE device_credential (
  username text PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  device_id uuid NOT NULL REFERENCES device,
  is_hub boolean NOT NULL,
  password_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);
COMMENT ON TABLE device_credential IS 'owner: devices; retention: as long as the device';
COMMENT ON COLUMN device_credential.password_hash IS 'PBKDF2-SHA512, one round, as Mosquitto keeps it: a password of 192 random bits needs no slow hash';
CREATE INDEX device_credential_device ON device_credential (device_id);
SELECT guard_district('device_credential');
-- For broker_login only, before the district is known. (A device that is retired has its credentials revoked.)
CREATE POLICY definer ON device_credential FOR SELECT TO yinling_owner USING (true);

-- What the broker asks at CONNECT; no row: unknown, revoked or retired.
CREATE FUNCTION broker_login(wanted text)
RETURNS TABLE (password_hash bytea, device_id uuid, is_hub boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT password_hash, device_id, is_hub FROM device_credential WHERE username = wanted AND revoked_at IS NULL
$$;

-- Everyone who may speak, for a broker that keeps its own password file (Mosquitto).
CREATE FUNCTION broker_credentials()
RETURNS TABLE (username text, password_hash bytea, is_hub boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT username, password_hash, is_hub FROM device_credential WHERE revoked_at IS NULL
$$;

CREATE FUNCTION ring_credential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.revoked_at IS NOT NULL THEN PERFORM pg_notify('credential_revoked', NEW.username); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credential_doorbell AFTER INSERT OR UPDATE ON device_credential FOR EACH ROW EXECUTE FUNCTION ring_credential();

-- The gateway keeps a copy of the registry; this tells it to look again.
CREATE FUNCTION ring_registry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('registry', ''); RETURN NULL; END $$;
CREATE TRIGGER device_doorbell AFTER INSERT OR UPDATE ON device FOR EACH STATEMENT EXECUTE FUNCTION ring_registry();
CREATE TRIGGER care_bed_doorbell AFTER INSERT OR UPDATE ON care_bed FOR EACH STATEMENT EXECUTE FUNCTION ring_registry();

REVOKE EXECUTE ON FUNCTION broker_login(text), broker_credentials() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION broker_login(text), broker_credentials() TO yinling_gateway;
GRANT SELECT ON device, care_bed TO yinling_gateway;
GRANT SELECT, INSERT, UPDATE ON care_bed, device, device_binding, device_credential TO yinling_web, yinling_worker;
