-- Commands to devices, kits, install tests with their photos, and which device took whose place.

CREATE TABLE kit (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  serial text NOT NULL,
  claim_index bytea NOT NULL,
  care_bed_id uuid REFERENCES care_bed,
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  bound_by uuid REFERENCES account,
  bound_at timestamptz,
  UNIQUE (district_id, serial)
);
COMMENT ON TABLE kit IS 'owner: devices; retention: as long as its devices';
COMMENT ON COLUMN kit.claim_index IS 'the blind index of the claim code on the box: who knows the code has the box';
SELECT guard_district('kit');

ALTER TABLE device ADD COLUMN kit_id uuid REFERENCES kit;
ALTER TABLE device ADD COLUMN replaces_id uuid REFERENCES device;
COMMENT ON COLUMN device.replaces_id IS 'the device whose place it took: both histories stay';
CREATE INDEX device_kit ON device (kit_id) WHERE kit_id IS NOT NULL;
CREATE UNIQUE INDEX device_replaces ON device (replaces_id) WHERE replaces_id IS NOT NULL;

CREATE TABLE command (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  device_id uuid NOT NULL REFERENCES device,
  name text NOT NULL,
  params jsonb NOT NULL DEFAULT '{}',
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'sent', 'accepted', 'done', 'refused', 'failed', 'expired', 'unconfirmed')),
  next_at timestamptz,
  tries int NOT NULL DEFAULT 0,
  sent_at timestamptz,
  answered_at timestamptz,
  result text,
  reason text,
  CHECK ((next_at IS NULL) = (state NOT IN ('queued', 'sent', 'accepted')))
);
COMMENT ON TABLE command IS 'owner: devices; retention: 2 years';
COMMENT ON COLUMN command.state IS 'unconfirmed: handed to a hub whose ecosystem never answers';
COMMENT ON COLUMN command.next_at IS 'when to send it again, or to see that it has expired; null: it is over';
COMMENT ON COLUMN command.result IS 'the device''s last answer; an answer that came after the end is kept and changes nothing';
CREATE INDEX command_due ON command (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX command_device ON command (device_id, created_at);
SELECT guard_district('command');
-- The gateway delivers the commands of all districts; a command is only ever changed by compare-and-set.
CREATE POLICY gateway_reads ON command FOR SELECT TO yinling_gateway USING (true);
CREATE POLICY gateway_delivers ON command FOR UPDATE TO yinling_gateway USING (true);
CREATE FUNCTION ring_command() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('command', ''); RETURN NULL; END $$;
CREATE TRIGGER command_doorbell AFTER INSERT ON command FOR EACH STATEMENT EXECUTE FUNCTION ring_command();

CREATE TABLE install_test (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  care_bed_id uuid NOT NULL REFERENCES care_bed,
  kind text NOT NULL CHECK (kind IN ('install', 'monthly')),
  started_by uuid REFERENCES account,
  started_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  finished_at timestamptz,
  finished_by uuid REFERENCES account,
  note text
);
COMMENT ON TABLE install_test IS 'owner: devices; retention: 10 years';
COMMENT ON COLUMN install_test.ends_at IS 'it ends by itself: an alarm after this pages as any other';
CREATE UNIQUE INDEX install_test_open ON install_test (care_bed_id) WHERE finished_at IS NULL;
CREATE INDEX install_test_bed ON install_test (care_bed_id, started_at);
SELECT guard_district('install_test');

CREATE TABLE install_check (
  test_id uuid NOT NULL REFERENCES install_test,
  device_id uuid NOT NULL REFERENCES device,
  district_id uuid NOT NULL REFERENCES district,
  armed_at timestamptz,
  armed_until timestamptz,
  before jsonb NOT NULL DEFAULT '{}',
  seen_at timestamptz,
  sign text,
  value jsonb,
  PRIMARY KEY (test_id, device_id)
);
COMMENT ON TABLE install_check IS 'owner: devices; retention: 10 years';
COMMENT ON COLUMN install_check.armed_until IS 'alarms of this device until then are a test (and until half a minute after it was seen), of no other';
COMMENT ON COLUMN install_check.before IS 'what the device had said last when it was armed: only what is newer counts';
COMMENT ON COLUMN install_check.sign IS 'the alarm type or the metric that was seen';
CREATE INDEX install_check_device ON install_check (device_id, armed_at);
SELECT guard_district('install_check');

CREATE TABLE install_photo (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  test_id uuid NOT NULL REFERENCES install_test,
  taken_by uuid REFERENCES account,
  taken_at timestamptz NOT NULL,
  media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png')),
  size int NOT NULL,
  photo_sealed bytea NOT NULL
);
COMMENT ON TABLE install_photo IS 'owner: devices; retention: 2 years; encrypted, without the phone''s own notes (place, owner)';
CREATE INDEX install_photo_test ON install_photo (test_id);
SELECT guard_district('install_photo');

GRANT SELECT, INSERT, UPDATE ON kit, command, install_test, install_check TO yinling_web, yinling_worker;
GRANT SELECT, INSERT ON install_photo TO yinling_web, yinling_worker;
GRANT DELETE ON install_photo, command TO yinling_worker;
GRANT SELECT, UPDATE (state, next_at, tries, sent_at, answered_at, result, reason) ON command TO yinling_gateway;
SELECT fence_districts();
