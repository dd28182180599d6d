-- Scripted questions of a case, what the person card knows beyond the register, and gaps in the cover.

CREATE TABLE protocol_script (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  version int NOT NULL CHECK (version > 0),
  source text NOT NULL CHECK (source IN ('product', 'district')),
  words text NOT NULL CHECK (length(words) <= 200000),
  digest bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'active', 'retired')),
  written_by uuid REFERENCES account,
  written_at timestamptz NOT NULL,
  activated_by uuid REFERENCES account,
  activated_at timestamptz,
  retired_by uuid REFERENCES account,
  retired_at timestamptz,
  UNIQUE (district_id, version),
  CHECK ((state = 'draft') = (activated_at IS NULL)),
  CHECK ((state = 'retired') = (retired_at IS NOT NULL))
);
COMMENT ON TABLE protocol_script IS 'owner: dispatch; retention: forever, for the cases that were asked by it';
COMMENT ON COLUMN protocol_script.words IS 'the script as TOML (docs/manual/protocols.md); once it has been active it never changes';
COMMENT ON COLUMN protocol_script.source IS 'product: ours as it was when a case began with it; it is never in force by its row';
CREATE UNIQUE INDEX protocol_script_active ON protocol_script (district_id) WHERE state = 'active' AND source = 'district';
CREATE UNIQUE INDEX protocol_script_draft ON protocol_script (district_id) WHERE state = 'draft';
CREATE UNIQUE INDEX protocol_script_product ON protocol_script (district_id, digest) WHERE source = 'product';
SELECT guard_district('protocol_script');
CREATE FUNCTION freeze_script() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (NEW.words, NEW.digest, NEW.version, NEW.source) IS DISTINCT FROM (OLD.words, OLD.digest, OLD.version, OLD.source) THEN
    RAISE EXCEPTION 'a script that has been in force is never edited';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER protocol_script_frozen BEFORE UPDATE ON protocol_script FOR EACH ROW EXECUTE FUNCTION freeze_script();

CREATE TABLE case_protocol (
  case_id uuid PRIMARY KEY REFERENCES care_case,
  district_id uuid NOT NULL REFERENCES district,
  script_id uuid NOT NULL REFERENCES protocol_script,
  alarm_type text NOT NULL,
  severity_before int NOT NULL CHECK (severity_before BETWEEN 1 AND 5),
  began_by uuid REFERENCES account,
  began_at timestamptz NOT NULL,
  overridden_by uuid REFERENCES account,
  overridden_at timestamptz,
  CHECK ((overridden_by IS NULL) = (overridden_at IS NULL))
);
COMMENT ON TABLE case_protocol IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN case_protocol.script_id IS 'the version that the case began with; it keeps it to its end';
COMMENT ON COLUMN case_protocol.overridden_by IS 'who set the severity by hand; answers do not change it any more';
SELECT guard_district('case_protocol');

CREATE TABLE protocol_answer (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  case_id uuid NOT NULL REFERENCES care_case,
  node text NOT NULL,
  value text NOT NULL CHECK (length(value) <= 500),
  account_id uuid REFERENCES account,
  at timestamptz NOT NULL,
  replaced_by uuid,
  replaced_at timestamptz,
  CHECK ((replaced_by IS NULL) = (replaced_at IS NULL))
);
COMMENT ON TABLE protocol_answer IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN protocol_answer.replaced_by IS 'the answer that holds instead';
COMMENT ON COLUMN protocol_answer.value IS 'yes or no, the code of a choice, a number, or what was said; a changed answer stays beside the new one';
CREATE UNIQUE INDEX protocol_answer_valid ON protocol_answer (case_id, node) WHERE replaced_at IS NULL;
CREATE INDEX protocol_answer_case ON protocol_answer (case_id, at, id);
SELECT guard_district('protocol_answer');

CREATE TABLE person_card (
  elder_id uuid PRIMARY KEY REFERENCES elder,
  district_id uuid NOT NULL REFERENCES district,
  medicines_sealed bytea,
  dialect text CHECK (length(dialect) <= 60),
  hearing text CHECK (hearing IN ('good', 'hard', 'deaf')),
  speech text CHECK (speech IN ('good', 'hard', 'none')),
  sight text CHECK (sight IN ('good', 'hard', 'blind')),
  aids text[] NOT NULL DEFAULT '{}',
  notes_sealed bytea,
  key_holders uuid[] NOT NULL DEFAULT '{}',
  revision int NOT NULL DEFAULT 1,
  checked_by uuid NOT NULL REFERENCES account,
  checked_at timestamptz NOT NULL
);
COMMENT ON TABLE person_card IS 'owner: dispatch; retention: 10 years after the last enrolment';
COMMENT ON COLUMN person_card.medicines_sealed IS 'JSON [{"name", "dose", "times", "note"}], sealed';
COMMENT ON COLUMN person_card.key_holders IS 'family members and neighbours on the contact list who have a key';
COMMENT ON COLUMN person_card.checked_by IS 'who looked at it last; dated, so that old facts are seen to be old';
SELECT guard_district('person_card');

CREATE TABLE person_photo (
  elder_id uuid PRIMARY KEY REFERENCES elder,
  district_id uuid NOT NULL REFERENCES district,
  photo_sealed bytea NOT NULL,
  size int NOT NULL,
  digest bytea NOT NULL,
  taken_by uuid REFERENCES account,
  taken_at timestamptz NOT NULL
);
COMMENT ON TABLE person_photo IS 'owner: dispatch; retention: until it is replaced, the consent is withdrawn, or 10 years after the last enrolment';
COMMENT ON COLUMN person_photo.photo_sealed IS 'a JPEG that we encoded anew: nothing that the camera wrote beside the picture is kept';
SELECT guard_district('person_photo');

CREATE TABLE cover_gap (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  kind text NOT NULL CHECK (kind IN ('no_operator', 'nobody_within_reach', 'unreachable_contacts', 'untested_kit', 'policy_reaches_nobody')),
  subject text NOT NULL,
  severity int NOT NULL CHECK (severity BETWEEN 1 AND 5),
  elder_id uuid REFERENCES elder,
  care_bed_id uuid REFERENCES care_bed,
  detail jsonb NOT NULL DEFAULT '{}',
  opened_at timestamptz NOT NULL,
  taken_by uuid REFERENCES account,
  taken_at timestamptz,
  closed_at timestamptz,
  CHECK ((taken_by IS NULL) = (taken_at IS NULL))
);
COMMENT ON TABLE cover_gap IS 'owner: dispatch; retention: 2 years';
COMMENT ON COLUMN cover_gap.subject IS 'what the gap is about: an elder, a care bed, or the district; one open gap of a kind for each';
COMMENT ON COLUMN cover_gap.detail IS 'codes and numbers: when it begins and ends, how far the nearest is, since when nobody answers';
CREATE UNIQUE INDEX cover_gap_open ON cover_gap (district_id, kind, subject) WHERE closed_at IS NULL;
CREATE INDEX cover_gap_time ON cover_gap (district_id, opened_at);
SELECT guard_district('cover_gap');

GRANT SELECT, INSERT, UPDATE ON protocol_script, case_protocol, protocol_answer, person_card, cover_gap TO yinling_web, yinling_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON person_photo TO yinling_web, yinling_worker;
GRANT DELETE ON cover_gap TO yinling_worker;
SELECT fence_districts();
