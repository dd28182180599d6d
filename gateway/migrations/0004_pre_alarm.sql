-- Alarms: one signal each that something may be wrong, kept forever apart from the case that the call centre works on.

CREATE TABLE alarm (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  device_id uuid NOT NULL REFERENCES device,
  care_bed_id uuid REFERENCES care_bed,
  elder_id uuid REFERENCES elder,
  message_id text NOT NULL,
  type text NOT NULL,
  class text NOT NULL CHECK (class IN ('care', 'technical')),
  severity int NOT NULL CHECK (severity BETWEEN 1 AND 5),
  observed_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  historical boolean NOT NULL DEFAULT false,
  skewed boolean NOT NULL DEFAULT false,
  rule text,
  evidence jsonb NOT NULL DEFAULT '{}',
  raw bytea,
  cancelled_at timestamptz,
  UNIQUE (device_id, message_id)
);
COMMENT ON TABLE alarm IS 'owner: gateway; retention: 10 years';
COMMENT ON COLUMN alarm.severity IS '1 gravest … 5';
COMMENT ON COLUMN alarm.message_id IS 'the device''s message id; of a rule: rule and episode';
COMMENT ON COLUMN alarm.evidence IS 'the readings behind it: [{"metric", "value", "observed_at"}], limits, battery';
CREATE INDEX alarm_device ON alarm (device_id, received_at);
CREATE INDEX alarm_elder ON alarm (elder_id, received_at);
CREATE INDEX alarm_received ON alarm (district_id, received_at, id);
SELECT guard_district('alarm');
-- The gateway serves all districts; it enters the district of the device before it writes.
GRANT SELECT, INSERT, UPDATE ON alarm TO yinling_gateway;
GRANT SELECT ON alarm TO yinling_worker, yinling_web;

CREATE FUNCTION ring_alarm() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('alarm', ''); RETURN NULL; END $$;
CREATE TRIGGER alarm_doorbell AFTER INSERT ON alarm FOR EACH STATEMENT EXECUTE FUNCTION ring_alarm();

CREATE TABLE alarm_rule (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid REFERENCES elder,
  rule text NOT NULL,
  params jsonb NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz
);
COMMENT ON TABLE alarm_rule IS 'owner: gateway; retention: 10 years';
COMMENT ON COLUMN alarm_rule.elder_id IS 'null: the district''s default';
SELECT guard_district('alarm_rule');
CREATE POLICY gateway_reads ON alarm_rule FOR SELECT TO yinling_gateway USING (true);
CREATE POLICY gateway_reads ON elder FOR SELECT TO yinling_gateway USING (true);
GRANT SELECT (id, district_id) ON elder TO yinling_gateway;
GRANT SELECT ON alarm_rule TO yinling_gateway, yinling_worker;
GRANT SELECT, INSERT, UPDATE ON alarm_rule TO yinling_web;
-- Rules are part of the gateway's copy of the registry.
CREATE TRIGGER alarm_rule_doorbell AFTER INSERT OR UPDATE ON alarm_rule FOR EACH STATEMENT EXECUTE FUNCTION ring_registry();
