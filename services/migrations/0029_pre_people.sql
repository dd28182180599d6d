-- Who gets what: applications in stages and between districts, registers brought in, matching, standings, steps of enrolments.

CREATE TABLE application_flow (
  district_id uuid NOT NULL REFERENCES district,
  scheme_code text NOT NULL,
  flow jsonb NOT NULL,
  set_by uuid REFERENCES account,
  set_at timestamptz NOT NULL,
  PRIMARY KEY (district_id, scheme_code)
);
COMMENT ON TABLE application_flow IS 'owner: services; retention: forever; a scheme without one takes the simple flow';
SELECT guard_district('application_flow');

CREATE TABLE application (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  scheme_code text NOT NULL,
  elder_id uuid REFERENCES elder,
  person_name text,
  person_sealed bytea,
  person_index bytea,
  flow jsonb NOT NULL,
  stage int NOT NULL DEFAULT 0 CHECK (stage >= 0),
  state text NOT NULL CHECK (state IN ('open', 'received', 'returned', 'withdrawn', 'refused', 'approved', 'handed_over', 'sent_back')),
  documents text[] NOT NULL DEFAULT '{}',
  wants_assessment boolean NOT NULL DEFAULT false,
  applied_by uuid REFERENCES account,
  applied_via text NOT NULL CHECK (applied_via IN ('family', 'clerk', 'phone', 'hand_over')),
  applied_on date NOT NULL,
  stage_since timestamptz NOT NULL,
  due_on date NOT NULL,
  decided_by uuid REFERENCES account,
  decided_at timestamptz,
  reason text,
  starts_on date,
  enrolment_id uuid REFERENCES enrolment,
  from_district uuid REFERENCES district,
  from_id uuid,
  to_district uuid REFERENCES district,
  to_id uuid,
  remote_state text CHECK (remote_state IN ('received', 'open', 'returned', 'withdrawn', 'refused', 'approved')),
  remote_at timestamptz,
  CHECK ((from_district IS NULL) = (from_id IS NULL)),
  CHECK ((state = 'handed_over') = (to_id IS NOT NULL)),
  CHECK (state NOT IN ('handed_over', 'sent_back') OR (person_sealed IS NULL AND person_name IS NULL AND person_index IS NULL AND elder_id IS NULL)),
  CHECK (state <> 'approved' OR (enrolment_id IS NOT NULL AND starts_on IS NOT NULL))
);
COMMENT ON TABLE application IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN application.person_sealed IS 'JSON {name, id_number, phone, address} of the person; gone where the application was handed over';
COMMENT ON COLUMN application.flow IS 'the flow as it was when the application came: {code, stages: [{code, roles, days}], documents, start}';
COMMENT ON COLUMN application.remote_state IS 'of a stub: how far the deciding district is; nothing else comes back';
-- What arrives from another district is not in it: a refusal would tell the sender that the person has applied here.
CREATE UNIQUE INDEX application_once ON application (district_id, person_index, scheme_code) WHERE state IN ('open', 'returned');
CREATE INDEX application_waiting ON application (district_id, state, due_on);
CREATE INDEX application_elder ON application (elder_id);
SELECT guard_district('application');

CREATE TABLE application_step (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  application_id uuid NOT NULL REFERENCES application,
  at timestamptz NOT NULL,
  account_id uuid REFERENCES account,
  stage text NOT NULL,
  action text NOT NULL,
  reason text,
  note text,
  days int NOT NULL CHECK (days >= 0)
);
COMMENT ON TABLE application_step IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN application_step.days IS 'local days since the stage began';
CREATE INDEX application_step_of ON application_step (application_id, id);
SELECT guard_district('application_step');

CREATE TABLE register_source (
  district_id uuid NOT NULL REFERENCES district,
  register text NOT NULL CHECK (register IN ('household', 'death', 'assistance', 'disability', 'benefits')),
  mapping jsonb NOT NULL DEFAULT '{}',
  url text,
  auth text CHECK (auth IN ('bearer', 'hmac')),
  secret_sealed bytea,
  every_days int NOT NULL DEFAULT 30 CHECK (every_days BETWEEN 1 AND 366),
  next_try_at timestamptz,
  attempts int NOT NULL DEFAULT 0,
  fetched_at timestamptz,
  failed text,
  set_by uuid REFERENCES account,
  set_at timestamptz NOT NULL,
  PRIMARY KEY (district_id, register),
  CHECK ((url IS NULL) = (secret_sealed IS NULL) AND (url IS NULL) = (auth IS NULL))
);
COMMENT ON TABLE register_source IS 'owner: services; retention: forever';
COMMENT ON COLUMN register_source.mapping IS '{field: heading of the column in this register''s files}';
CREATE INDEX register_source_due ON register_source (next_try_at) WHERE url IS NOT NULL;
SELECT guard_district('register_source');

CREATE TABLE register_import (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  register text NOT NULL CHECK (register IN ('household', 'death', 'assistance', 'disability', 'benefits')),
  via text NOT NULL CHECK (via IN ('file', 'connector')),
  name text NOT NULL,
  sha256 text NOT NULL,
  as_of date NOT NULL,
  is_complete boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('wrong', 'ready', 'applied', 'discarded')),
  counts jsonb NOT NULL,
  rows_sealed bytea,
  brought_by uuid REFERENCES account,
  brought_at timestamptz NOT NULL,
  decided_by uuid REFERENCES account,
  decided_at timestamptz
);
COMMENT ON TABLE register_import IS 'owner: services; retention: 10 years; the rows themselves only until it is decided';
COMMENT ON COLUMN register_import.counts IS '{rows, matched, strangers, changes, unchanged, ends, mistakes, remarks}';
COMMENT ON COLUMN register_import.is_complete IS 'everybody who has it stands in it: who is not, no longer has it';
CREATE UNIQUE INDEX register_import_once ON register_import (district_id, register, sha256, as_of) WHERE state = 'applied';
CREATE INDEX register_import_newest ON register_import (district_id, id);
SELECT guard_district('register_import');

CREATE TABLE register_mistake (
  import_id uuid NOT NULL REFERENCES register_import,
  district_id uuid NOT NULL REFERENCES district,
  row_number int NOT NULL,
  field text NOT NULL,
  code text NOT NULL,
  is_remark boolean NOT NULL,
  PRIMARY KEY (import_id, row_number, field, code)
);
COMMENT ON TABLE register_mistake IS 'owner: services; retention: 10 years; the place in the file and a code, never the cell';
SELECT guard_district('register_mistake');

CREATE TABLE enrolment_entry (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  enrolment_id uuid NOT NULL REFERENCES enrolment,
  elder_id uuid NOT NULL REFERENCES elder,
  scheme_code text NOT NULL,
  action text NOT NULL CHECK (action IN ('enrolled', 'suspended', 'resumed', 'ended', 'restored')),
  on_day date NOT NULL,
  reason text NOT NULL,
  last_day_before date,
  source_id uuid,
  by_account uuid REFERENCES account,
  recorded_at timestamptz NOT NULL
);
COMMENT ON COLUMN enrolment_entry.last_day_before IS 'when it would have ended without a suspension or end: what an undoing restores';
COMMENT ON TABLE enrolment_entry IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN enrolment_entry.on_day IS 'the first day of what it says: enrolled or resumed from, suspended or ended from (the last day paid is the one before)';
CREATE INDEX enrolment_entry_elder ON enrolment_entry (elder_id, scheme_code, id);
SELECT guard_district('enrolment_entry');

CREATE TABLE matching_run (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  on_day date NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done')),
  total int NOT NULL,
  people int NOT NULL DEFAULT 0,
  after_elder uuid,
  counts jsonb NOT NULL DEFAULT '{}',
  started_by uuid REFERENCES account,
  started_at timestamptz NOT NULL,
  moved_at timestamptz NOT NULL,
  finished_at timestamptz,
  CHECK ((state = 'done') = (finished_at IS NOT NULL))
);
COMMENT ON TABLE matching_run IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN matching_run.after_elder IS 'everybody up to this id has been looked at: a killed run goes on from here';
CREATE UNIQUE INDEX matching_run_one ON matching_run (district_id) WHERE state = 'running';
CREATE INDEX matching_run_month ON matching_run (district_id, month);
SELECT guard_district('matching_run');

CREATE TABLE eligibility_match (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  run_id uuid NOT NULL REFERENCES matching_run,
  elder_id uuid NOT NULL REFERENCES elder,
  scheme_code text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('not_enrolled', 'no_longer')),
  reasons jsonb NOT NULL,
  fingerprint text NOT NULL,
  since date NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'enrolled', 'ended', 'suspended', 'dismissed', 'gone')),
  found_at timestamptz NOT NULL,
  decided_by uuid REFERENCES account,
  decided_at timestamptz,
  reason text
);
COMMENT ON TABLE eligibility_match IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN eligibility_match.fingerprint IS 'of kind and reasons: what was dismissed is not found again until a reason changes';
COMMENT ON COLUMN eligibility_match.since IS 'the day looked at';
CREATE UNIQUE INDEX eligibility_match_open ON eligibility_match (elder_id, scheme_code, kind) WHERE state = 'open';
CREATE INDEX eligibility_match_waiting ON eligibility_match (district_id, kind, id) WHERE state = 'open';
CREATE INDEX eligibility_match_dismissed ON eligibility_match (elder_id, scheme_code, fingerprint) WHERE state = 'dismissed';
SELECT guard_district('eligibility_match');

CREATE TABLE standing (
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  scheme_code text NOT NULL,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  on_day date NOT NULL,
  is_eligible boolean NOT NULL,
  is_enrolled boolean NOT NULL,
  is_compliant boolean NOT NULL,
  is_payable boolean NOT NULL,
  reasons jsonb NOT NULL,
  run_id uuid NOT NULL REFERENCES matching_run,
  judged_at timestamptz NOT NULL,
  PRIMARY KEY (elder_id, scheme_code, month),
  CHECK (NOT is_payable OR (is_eligible AND is_enrolled AND is_compliant))
);
COMMENT ON TABLE standing IS 'owner: services; retention: 10 years; of who is eligible or enrolled, as of the day of the month''s last run';
COMMENT ON COLUMN standing.reasons IS '{eligible|enrolled|compliant|payable: [{code, …figures}]}';
CREATE INDEX standing_month ON standing (district_id, month, scheme_code);
SELECT guard_district('standing');

-- The one place where rows cross districts (DOMAIN §3, applied for anywhere, decided where registered). A package of one
-- application, sealed anew with the receiving district's key by whoever calls, leaves the current district and arrives in
-- another; the sender keeps a stub without the person. Raises when the application is not here, or not in a state to leave.
CREATE FUNCTION hand_over_application(wanted uuid, arriving uuid, receiver uuid, package bytea, package_index bytea, given_name text,
                                      arriving_flow jsonb, due date, line uuid, noted_at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE sender uuid := current_district(); moved record;
BEGIN
  IF sender IS NULL OR receiver IS NULL OR sender = receiver THEN RAISE EXCEPTION 'a hand-over needs two districts'; END IF;
  UPDATE application SET state = 'handed_over', to_district = receiver, to_id = arriving, remote_state = 'received', remote_at = noted_at,
         person_sealed = NULL, person_name = NULL, person_index = NULL, elder_id = NULL, wants_assessment = false
  WHERE id = wanted AND state IN ('open', 'returned') AND from_id IS NULL
  RETURNING scheme_code, documents, applied_on INTO moved;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM set_config('yinling.district', receiver::text, true);
  INSERT INTO application (id, district_id, scheme_code, person_name, person_sealed, person_index, flow, state, documents, applied_via,
                           applied_on, stage_since, due_on, from_district, from_id)
  VALUES (arriving, receiver, moved.scheme_code, given_name, package, package_index, arriving_flow, 'received', moved.documents, 'hand_over',
          moved.applied_on, noted_at, due, sender, wanted);
  INSERT INTO application_step (id, district_id, application_id, at, stage, action, days)
  VALUES (line, receiver, arriving, noted_at, 'arrival', 'received', 0);
  INSERT INTO audit_log (id, district_id, at, account_id, action, subject_kind, subject_id, detail)
  VALUES (line, receiver, noted_at, NULL, 'application.receive', 'application', arriving,
          jsonb_build_object('from', (SELECT code FROM district WHERE id = sender)));
  PERFORM set_config('yinling.district', sender::text, true);
  RETURN true;
END $$;

-- What the deciding district says of an application that came from another: a state and an instant for the stub, nothing else.
CREATE FUNCTION tell_sender(wanted uuid, said text, line uuid, noted_at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE here uuid := current_district(); origin record; told boolean;
BEGIN
  SELECT from_district, from_id INTO origin FROM application WHERE id = wanted AND from_id IS NOT NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM set_config('yinling.district', origin.from_district::text, true);
  UPDATE application SET remote_state = said, remote_at = noted_at
  WHERE id = origin.from_id AND state = 'handed_over' AND to_district = here AND to_id = wanted;
  told := FOUND;
  IF told THEN
    INSERT INTO audit_log (id, district_id, at, account_id, action, subject_kind, subject_id, detail)
    VALUES (line, origin.from_district, noted_at, NULL, 'application.remote', 'application', origin.from_id,
            jsonb_build_object('state', said));
  END IF;
  PERFORM set_config('yinling.district', here::text, true);
  RETURN told;
END $$;

-- The receiving district sends an application back before it has accepted it: the package, sealed for the sender, returns to its stub.
CREATE FUNCTION send_application_back(wanted uuid, package bytea, package_index bytea, given_name text, because text, due date, line uuid,
                                      noted_at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE here uuid := current_district(); origin record;
BEGIN
  UPDATE application SET state = 'sent_back', person_sealed = NULL, person_name = NULL, person_index = NULL, elder_id = NULL,
         reason = because, decided_at = noted_at
  WHERE id = wanted AND state = 'received' AND from_id IS NOT NULL RETURNING from_district, from_id INTO origin;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM set_config('yinling.district', origin.from_district::text, true);
  UPDATE application SET state = 'open', to_district = NULL, to_id = NULL, remote_state = NULL, remote_at = NULL, reason = because,
         person_sealed = package, person_index = package_index, person_name = given_name, stage = 0, stage_since = noted_at, due_on = due
  WHERE id = origin.from_id AND state = 'handed_over' AND to_district = here AND to_id = wanted;
  IF NOT FOUND THEN RAISE EXCEPTION 'the stub of a handed-over application is missing'; END IF;
  INSERT INTO application_step (id, district_id, application_id, at, stage, action, reason, days)
  VALUES (line, origin.from_district, origin.from_id, noted_at, 'arrival', 'came_back', because, 0);
  INSERT INTO audit_log (id, district_id, at, account_id, action, subject_kind, subject_id, detail)
  VALUES (line, origin.from_district, noted_at, NULL, 'application.came_back', 'application', origin.from_id,
          jsonb_build_object('from', (SELECT code FROM district WHERE id = here), 'reason', because));
  PERFORM set_config('yinling.district', here::text, true);
  RETURN true;
END $$;

REVOKE EXECUTE ON FUNCTION hand_over_application(uuid, uuid, uuid, bytea, bytea, text, jsonb, date, uuid, timestamptz),
  tell_sender(uuid, text, uuid, timestamptz), send_application_back(uuid, bytea, bytea, text, text, date, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hand_over_application(uuid, uuid, uuid, bytea, bytea, text, jsonb, date, uuid, timestamptz),
  tell_sender(uuid, text, uuid, timestamptz), send_application_back(uuid, bytea, bytea, text, text, date, uuid, timestamptz)
  TO yinling_web;
GRANT SELECT, INSERT, UPDATE ON application_flow, application, application_step, register_source, register_import, register_mistake,
  enrolment_entry, matching_run, eligibility_match, standing TO yinling_web, yinling_worker;
GRANT DELETE ON register_mistake TO yinling_web, yinling_worker;

SELECT fence_districts();
