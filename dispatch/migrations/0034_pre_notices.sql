-- Notices to people and the tries to reach them, the weekly drill, and versions of the escalation policy.

ALTER TABLE escalation_policy
  ADD COLUMN version int,
  ADD COLUMN created_by uuid REFERENCES account,
  ADD COLUMN changed_at timestamptz,
  ADD COLUMN activated_at timestamptz,
  ADD COLUMN activated_by uuid REFERENCES account;
COMMENT ON COLUMN escalation_policy.version IS 'number of the version in its district, from 1';
COMMENT ON COLUMN escalation_policy.activated_at IS 'null: a draft; with active false: it was in force and is no longer';
COMMENT ON COLUMN escalation_policy.steps IS '[{"audience", "wait_seconds", "channels"?, "repeats"?, "each_seconds"?}]; the last repeats (dispatch/policy.py)';
UPDATE escalation_policy p SET activated_at = created_at, changed_at = created_at, version = n.nth
FROM (SELECT id, row_number() OVER (PARTITION BY district_id ORDER BY created_at, id) AS nth FROM escalation_policy) n WHERE n.id = p.id;
CREATE UNIQUE INDEX escalation_policy_version ON escalation_policy (district_id, version);

CREATE TABLE drill (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  held_on date NOT NULL,
  starts_at timestamptz NOT NULL,
  answer_by timestamptz NOT NULL CHECK (answer_by > starts_at),
  created_by uuid REFERENCES account,
  closed_at timestamptz,
  UNIQUE (district_id, held_on)
);
COMMENT ON TABLE drill IS 'owner: dispatch; retention: 2 years';
COMMENT ON COLUMN drill.created_by IS 'null: the clock, on the district''s weekday';
SELECT guard_district('drill');

CREATE TABLE notice (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  kind text NOT NULL CHECK (kind IN ('case', 'drill', 'gap', 'code', 'invite', 'visit', 'complaint')),
  case_id uuid REFERENCES care_case,
  drill_id uuid REFERENCES drill,
  step int,
  audience text NOT NULL,
  family_member_id uuid REFERENCES family_member,
  account_id uuid REFERENCES account,
  caregiver_id uuid REFERENCES caregiver,
  person_id uuid GENERATED ALWAYS AS (coalesce(family_member_id, account_id, caregiver_id)) STORED,
  contact_sealed bytea,
  room text,
  language text NOT NULL DEFAULT 'zh_CN' CHECK (language IN ('zh_CN', 'en')),
  words text NOT NULL,
  data_sealed bytea,
  channels text[] NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'told', 'answered', 'failed', 'void')),
  bundled_into uuid REFERENCES notice,
  answer text CHECK (answer IN ('seen', 'coming', 'cannot')),
  answered_at timestamptz,
  next_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  CHECK ((next_at IS NULL) = (state NOT IN ('waiting', 'sending'))),
  CHECK ((ended_at IS NULL) = (state IN ('waiting', 'sending'))),
  CHECK ((answer IS NULL) = (answered_at IS NULL)),
  CHECK (data_sealed IS NULL OR ended_at IS NULL),
  CHECK (num_nonnulls(family_member_id, account_id, caregiver_id, contact_sealed, room) = 1),
  CHECK ((kind = 'case') <= (case_id IS NOT NULL)),
  CHECK ((kind = 'drill') = (drill_id IS NOT NULL))
);
COMMENT ON TABLE notice IS 'owner: dispatch; retention: 2 years, of a case 10 years, of a code or an invitation 30 days';
COMMENT ON COLUMN notice.contact_sealed IS 'phone number of somebody who is no person here yet';
COMMENT ON COLUMN notice.room IS 'a group or mailbox of the district (setting notice_rooms)';
COMMENT ON COLUMN notice.words IS 'a key of dispatch/notices/words.toml';
COMMENT ON COLUMN notice.data_sealed IS 'what the words need (a login code): JSON, gone when the notice ends';
COMMENT ON COLUMN notice.bundled_into IS 'one message tells of several cases: the notice whose tries they are';
COMMENT ON COLUMN notice.next_at IS 'when the engine looks at it; null: it has ended';
CREATE INDEX notice_due ON notice (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notice_newest ON notice (district_id, created_at);
CREATE INDEX notice_kept ON notice (kind, created_at);
CREATE INDEX notice_of_case ON notice (case_id, created_at);
CREATE INDEX notice_of_person ON notice (person_id, created_at);
CREATE INDEX notice_bundled ON notice (bundled_into) WHERE bundled_into IS NOT NULL;
CREATE UNIQUE INDEX notice_case_once ON notice (case_id, person_id) WHERE kind = 'case' AND next_at IS NOT NULL;
CREATE UNIQUE INDEX notice_room_once ON notice (case_id, room) WHERE kind = 'case' AND next_at IS NOT NULL AND room IS NOT NULL;
CREATE UNIQUE INDEX notice_drill_once ON notice (drill_id, person_id) WHERE kind = 'drill';
SELECT guard_district('notice');

CREATE TABLE notice_step (
  case_id uuid NOT NULL REFERENCES care_case,
  step int NOT NULL,
  district_id uuid NOT NULL REFERENCES district,
  reason text NOT NULL,
  audience text NOT NULL,
  channels text[] NOT NULL,
  each_seconds int NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (case_id, step, reason)
);
COMMENT ON TABLE notice_step IS 'owner: dispatch; retention: until its notices are made, at once';
SELECT guard_district('notice_step');
GRANT SELECT, INSERT, UPDATE, DELETE ON notice_step TO yinling_web, yinling_worker;

CREATE TABLE notice_try (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  notice_id uuid NOT NULL REFERENCES notice,
  person_id uuid,
  channel text NOT NULL CHECK (channel IN ('push', 'sms', 'voice', 'chat', 'mail')),
  nth int NOT NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'answered', 'failed', 'unknown')),
  code text,
  is_permanent boolean NOT NULL DEFAULT false,
  token text NOT NULL UNIQUE,
  ref text,
  contact_index bytea,
  at timestamptz NOT NULL,
  taken_at timestamptz,
  sent_at timestamptz,
  receipt_at timestamptz,
  ended_at timestamptz,
  retry_at timestamptz,
  UNIQUE (notice_id, channel, nth)
);
COMMENT ON TABLE notice_try IS 'owner: dispatch; retention: as its notice';
COMMENT ON COLUMN notice_try.at IS 'when it is to be sent';
COMMENT ON COLUMN notice_try.taken_at IS 'when a process last took it to send it; one left there is looked up at the carrier';
COMMENT ON COLUMN notice_try.sent_at IS 'when a carrier had taken it; null of a failed one: it was not';
COMMENT ON COLUMN notice_try.token IS 'binds every webhook of the carrier to this try';
COMMENT ON COLUMN notice_try.contact_index IS 'blind index of the number: an answer by SMS finds its try';
CREATE INDEX notice_try_open ON notice_try (at) WHERE state IN ('queued', 'sending');
CREATE INDEX notice_try_person ON notice_try (person_id, at);
CREATE INDEX notice_try_contact ON notice_try (contact_index, at) WHERE contact_index IS NOT NULL;
CREATE INDEX notice_try_recent ON notice_try (district_id, at);
SELECT guard_district('notice_try');

CREATE FUNCTION case_raised_at(identity uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT coalesce(max(at), '-infinity') FROM case_entry
  WHERE case_id = identity AND to_state = 'raised' AND from_state IS DISTINCT FROM 'raised'
$$;
COMMENT ON FUNCTION case_raised_at(uuid) IS 'when a case was last raised: an answer to an alarm before is none to this one';

CREATE FUNCTION case_touched_at(identity uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT max(at) FROM case_entry
  WHERE case_id = identity AND (account_id IS NOT NULL OR action IN ('join', 'caller') OR from_state IS DISTINCT FROM to_state)
$$;
COMMENT ON FUNCTION case_touched_at(uuid) IS 'when something last happened in a case: somebody acted, an alarm or a call came; null: never';

GRANT SELECT, INSERT, UPDATE ON drill, notice, notice_try TO yinling_web, yinling_worker;
GRANT DELETE ON drill, notice, notice_try TO yinling_worker;

SELECT fence_districts();
