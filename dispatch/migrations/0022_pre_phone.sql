-- The caregiver's phone: what it recorded, what was not accepted of it, and whether the person who carries it is safe.

CREATE TABLE phone_conflict (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  visit_id uuid,
  verb text NOT NULL,
  said jsonb NOT NULL,
  said_at timestamptz,
  received_at timestamptz NOT NULL,
  status int NOT NULL,
  code text NOT NULL,
  reason jsonb NOT NULL DEFAULT '{}',
  settled_by uuid REFERENCES account,
  settled_at timestamptz,
  note text,
  CHECK ((settled_by IS NULL) = (settled_at IS NULL))
);
COMMENT ON TABLE phone_conflict IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN phone_conflict.id IS 'the record''s own id, made by the phone: its Idempotency-Key';
COMMENT ON COLUMN phone_conflict.visit_id IS 'as the phone named it; no key, because it may be a visit that is not theirs';
COMMENT ON COLUMN phone_conflict.said IS 'what the phone recorded, whole';
CREATE INDEX phone_conflict_open ON phone_conflict (district_id, received_at) WHERE settled_at IS NULL;
CREATE INDEX phone_conflict_caregiver ON phone_conflict (caregiver_id, received_at);
SELECT guard_district('phone_conflict');

CREATE TABLE visit_photo (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  visit_id uuid NOT NULL REFERENCES visit,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  taken_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  media_type text NOT NULL,
  size int NOT NULL,
  digest bytea NOT NULL,
  same_as uuid REFERENCES visit_photo,
  photo_sealed bytea NOT NULL
);
COMMENT ON TABLE visit_photo IS 'owner: dispatch; retention: 2 years; encrypted, without the phone''s own notes (place, owner)';
COMMENT ON COLUMN visit_photo.digest IS 'SHA-256 of the picture as it is kept';
COMMENT ON COLUMN visit_photo.same_as IS 'the first photo of the district with the same digest: used again';
CREATE INDEX visit_photo_visit ON visit_photo (visit_id);
CREATE INDEX visit_photo_digest ON visit_photo (district_id, digest);
SELECT guard_district('visit_photo');

CREATE TABLE visit_signature (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  visit_id uuid NOT NULL REFERENCES visit,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  who text NOT NULL CHECK (who IN ('elder', 'family', 'other')),
  path_sealed bytea NOT NULL,
  statement jsonb NOT NULL,
  digest bytea NOT NULL,
  is_intact boolean NOT NULL,
  signed_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL
);
COMMENT ON TABLE visit_signature IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN visit_signature.statement IS 'what was signed: the visit, its service, when it began, what was ticked';
COMMENT ON COLUMN visit_signature.digest IS 'SHA-256 of the statement and the path as the phone made it';
COMMENT ON COLUMN visit_signature.is_intact IS 'the digest is that of what arrived';
CREATE INDEX visit_signature_visit ON visit_signature (visit_id);
SELECT guard_district('visit_signature');

CREATE TABLE condition_report (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  visit_id uuid NOT NULL REFERENCES visit,
  elder_id uuid NOT NULL REFERENCES elder,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  changes text[] NOT NULL,
  note_sealed bytea,
  wants_assessment boolean NOT NULL,
  observed_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  settled_by uuid REFERENCES account,
  settled_at timestamptz,
  outcome text,
  CHECK ((settled_by IS NULL) = (settled_at IS NULL) AND (settled_by IS NULL) = (outcome IS NULL))
);
COMMENT ON TABLE condition_report IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN condition_report.wants_assessment IS 'asks for a reassessment: services and the assessors'' list find it while it is not settled';
CREATE INDEX condition_report_open ON condition_report (district_id, received_at) WHERE settled_at IS NULL;
CREATE INDEX condition_report_elder ON condition_report (elder_id, received_at);
SELECT guard_district('condition_report');

CREATE TABLE lone_watch (
  visit_id uuid NOT NULL REFERENCES visit,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  district_id uuid NOT NULL REFERENCES district,
  due_at timestamptz NOT NULL,
  asked_at timestamptz,
  alarmed_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (visit_id, caregiver_id),
  CHECK (alarmed_at IS NULL OR asked_at IS NOT NULL)
);
COMMENT ON TABLE lone_watch IS 'owner: dispatch; retention: 1 year';
COMMENT ON COLUMN lone_watch.due_at IS 'from check-in: when the phone asks whether all is well, then when the alarm is given';
CREATE INDEX lone_watch_due ON lone_watch (due_at) WHERE ended_at IS NULL AND alarmed_at IS NULL;
SELECT guard_district('lone_watch');

CREATE TABLE caregiver_alert (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  visit_id uuid REFERENCES visit,
  kind text NOT NULL CHECK (kind IN ('sos', 'overdue')),
  state text NOT NULL CHECK (state IN ('raised', 'taken', 'closed')),
  said_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  lat double precision,
  lon double precision,
  accuracy_m double precision,
  escalate_at timestamptz,
  taken_by uuid REFERENCES account,
  taken_at timestamptz,
  closed_by uuid REFERENCES account,
  closed_at timestamptz,
  outcome text,
  CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL) AND (state = 'closed') = (outcome IS NOT NULL))
);
COMMENT ON TABLE caregiver_alert IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN caregiver_alert.kind IS 'sos: the caregiver pressed; overdue: checked in, not checked out, did not answer';
COMMENT ON COLUMN caregiver_alert.escalate_at IS 'when nobody has taken it: everybody is told again';
COMMENT ON COLUMN caregiver_alert.closed_by IS 'null with an outcome: the caregiver checked out or said that all is well';
CREATE INDEX caregiver_alert_open ON caregiver_alert (district_id, received_at) WHERE state <> 'closed';
CREATE INDEX caregiver_alert_due ON caregiver_alert (escalate_at) WHERE escalate_at IS NOT NULL;
SELECT guard_district('caregiver_alert');

ALTER TABLE visit_companion ADD COLUMN en_route_at timestamptz;
CREATE INDEX visit_caregiver_ended ON visit (caregiver_id, ended_at) WHERE ended_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON phone_conflict, visit_photo, visit_signature, condition_report, lone_watch, caregiver_alert
  TO yinling_web, yinling_worker;
GRANT DELETE ON visit_photo, lone_watch TO yinling_worker;
SELECT fence_districts();
