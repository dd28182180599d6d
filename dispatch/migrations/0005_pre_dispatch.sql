-- Cases and their life, escalation, providers and caregivers, visits and their proof.

CREATE TABLE care_case (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid REFERENCES elder,
  care_bed_id uuid REFERENCES care_bed,
  class text NOT NULL CHECK (class IN ('care', 'technical')),
  type text NOT NULL,
  severity int NOT NULL CHECK (severity BETWEEN 1 AND 5),
  state text NOT NULL CHECK (state IN ('raised', 'claimed', 'verified', 'dispatched', 'on_scene', 'resolved', 'closed',
                                       'shelved', 'returned', 'out_of_service')),
  opened_at timestamptz NOT NULL,
  last_alarm_at timestamptz NOT NULL,
  claimed_by uuid REFERENCES account,
  claimed_at timestamptz,
  resolved_at timestamptz,
  closed_by uuid REFERENCES account,
  closed_at timestamptz,
  outcome text CHECK (outcome IN ('assisted', 'reassured', 'hospital', 'police_fire', 'no_answer', 'false_alarm', 'test', 'other')),
  false_alarm text,
  policy jsonb NOT NULL,
  step int NOT NULL DEFAULT 0,
  escalate_at timestamptz,
  lowered_until timestamptz,
  CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CHECK (state <> 'closed' OR outcome IS NOT NULL)
);
COMMENT ON TABLE care_case IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN care_case.type IS 'the gravest alarm''s type';
COMMENT ON COLUMN care_case.policy IS 'the escalation policy as it was when the case started';
COMMENT ON COLUMN care_case.escalate_at IS 'when somebody must be told again; of a shelved case: when it comes back';
COMMENT ON COLUMN care_case.lowered_until IS 'a visit in progress explains all its alarms until then; after that it pages';
CREATE INDEX care_case_due ON care_case (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX care_case_open ON care_case (district_id, severity, opened_at) WHERE state <> 'closed';
CREATE INDEX care_case_elder ON care_case (elder_id, opened_at);
SELECT guard_district('care_case');

CREATE TABLE case_alarm (
  alarm_id uuid PRIMARY KEY REFERENCES alarm,
  case_id uuid NOT NULL REFERENCES care_case,
  district_id uuid NOT NULL REFERENCES district,
  linked_at timestamptz NOT NULL,
  lowered_by uuid
);
COMMENT ON TABLE case_alarm IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN case_alarm.lowered_by IS 'the visit in progress that explains the alarm';
CREATE INDEX case_alarm_case ON case_alarm (case_id);
SELECT guard_district('case_alarm');

-- What intake has to look at: new alarms that page (not historical ones), and alarms that were cancelled.
CREATE TABLE alarm_intake (
  alarm_id uuid PRIMARY KEY REFERENCES alarm,
  district_id uuid NOT NULL REFERENCES district,
  next_try_at timestamptz
);
COMMENT ON TABLE alarm_intake IS 'owner: dispatch; retention: until intake has taken it, at once';
COMMENT ON COLUMN alarm_intake.next_try_at IS 'set when taking it in failed: it must not hold up the others';
SELECT guard_district('alarm_intake');
CREATE FUNCTION queue_alarm() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT NEW.historical THEN
    INSERT INTO alarm_intake (alarm_id, district_id) VALUES (NEW.id, NEW.district_id)
    ON CONFLICT (alarm_id) DO UPDATE SET next_try_at = NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER alarm_queued AFTER INSERT ON alarm FOR EACH ROW EXECUTE FUNCTION queue_alarm();
CREATE TRIGGER alarm_cancelled AFTER UPDATE OF cancelled_at ON alarm FOR EACH ROW
  WHEN (OLD.cancelled_at IS NULL AND NEW.cancelled_at IS NOT NULL) EXECUTE FUNCTION queue_alarm();
-- A cancel that meets its alarm being taken in waits for that, and is noted after it: hence SELECT and UPDATE.
GRANT SELECT, INSERT, UPDATE (next_try_at) ON alarm_intake TO yinling_gateway;
GRANT SELECT, UPDATE, DELETE ON alarm_intake TO yinling_worker;

CREATE TABLE case_entry (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  case_id uuid NOT NULL REFERENCES care_case,
  at timestamptz NOT NULL,
  account_id uuid REFERENCES account,
  action text NOT NULL,
  from_state text,
  to_state text,
  note text,
  data jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE case_entry IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN case_entry.account_id IS 'null: the system itself';
CREATE INDEX case_entry_case ON case_entry (case_id, at, id);
SELECT guard_district('case_entry');

CREATE TABLE protocol (
  district_id uuid NOT NULL REFERENCES district,
  alarm_type text NOT NULL,
  language text NOT NULL CHECK (language IN ('zh_CN', 'en')),
  steps jsonb NOT NULL,
  PRIMARY KEY (district_id, alarm_type, language)
);
COMMENT ON TABLE protocol IS 'owner: dispatch; retention: forever';
COMMENT ON COLUMN protocol.steps IS 'what to do now, in order: ["…", …]; alarm_type default serves those without one';
SELECT guard_district('protocol');

CREATE TABLE escalation_policy (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  name text NOT NULL,
  steps jsonb NOT NULL,
  active boolean NOT NULL,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE escalation_policy IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN escalation_policy.steps IS '[{"audience": "operators|duty_managers|everyone", "wait_seconds": 60}]; the last repeats';
CREATE UNIQUE INDEX escalation_policy_active ON escalation_policy (district_id) WHERE active;
SELECT guard_district('escalation_policy');

CREATE TABLE provider (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  name text NOT NULL,
  phone_sealed bytea,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
COMMENT ON TABLE provider IS 'owner: dispatch; retention: 10 years';
SELECT guard_district('provider');

CREATE TABLE caregiver (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  provider_id uuid NOT NULL REFERENCES provider,
  name text NOT NULL,
  gender text NOT NULL CHECK (gender IN ('female', 'male')),
  phone_sealed bytea,
  skills text[] NOT NULL,
  languages text[] NOT NULL DEFAULT '{zh}',
  lat double precision NOT NULL,
  lon double precision NOT NULL,
  speed_kmh double precision NOT NULL DEFAULT 18,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
COMMENT ON TABLE caregiver IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN caregiver.lat IS 'home base, WGS-84; the last known position is caregiver_position';
SELECT guard_district('caregiver');

CREATE TABLE certificate (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  skill text NOT NULL,
  name text NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL
);
COMMENT ON TABLE certificate IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN certificate.skill IS 'a skill that is certified may not be used once the certificate has expired';
SELECT guard_district('certificate');

CREATE TABLE shift (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '48 hours'),
  UNIQUE (caregiver_id, starts_at)
);
COMMENT ON TABLE shift IS 'owner: dispatch; retention: 10 years';
CREATE INDEX shift_time ON shift (district_id, starts_at, ends_at);
SELECT guard_district('shift');

CREATE TABLE caregiver_position (
  caregiver_id uuid PRIMARY KEY REFERENCES caregiver,
  district_id uuid NOT NULL REFERENCES district,
  lat double precision NOT NULL,
  lon double precision NOT NULL,
  accuracy_m double precision,
  at timestamptz NOT NULL
);
COMMENT ON TABLE caregiver_position IS 'owner: dispatch; retention: the last one only';
SELECT guard_district('caregiver_position');

CREATE TABLE visit (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  care_bed_id uuid REFERENCES care_bed,
  case_id uuid REFERENCES care_case,
  service text NOT NULL,
  priority int NOT NULL DEFAULT 3,
  state text NOT NULL CHECK (state IN ('wanted', 'offered', 'accepted', 'en_route', 'in_progress', 'completed', 'verified',
                                       'missed', 'cancelled', 'reassigned')),
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL CHECK (window_end >= window_start),
  minutes int NOT NULL CHECK (minutes > 0),
  provider_id uuid REFERENCES provider,
  caregiver_id uuid REFERENCES caregiver,
  why jsonb,
  funding text NOT NULL DEFAULT 'subsidy' CHECK (funding IN ('subsidy', 'private')),
  wanted_at timestamptz NOT NULL,
  offered_at timestamptz,
  accepted_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  record jsonb,
  check_in jsonb,
  check_out jsonb
);
COMMENT ON TABLE visit IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN visit.why IS 'why this one, or why nobody: every caregiver considered with the code and number that ruled each out';
COMMENT ON COLUMN visit.check_in IS '{at, received_at, skew_s, lat, lon, accuracy_m, code: valid|invalid|other_home|null}';
CREATE INDEX visit_caregiver ON visit (caregiver_id, window_start);
CREATE INDEX visit_elder ON visit (elder_id, window_start);
CREATE INDEX visit_case ON visit (case_id);
-- Never two people sent to one case, never one person sent to two.
CREATE UNIQUE INDEX visit_one_per_case ON visit (case_id) WHERE state IN ('offered', 'accepted', 'en_route', 'in_progress');
CREATE UNIQUE INDEX visit_one_emergency ON visit (caregiver_id)
  WHERE case_id IS NOT NULL AND state IN ('offered', 'accepted', 'en_route', 'in_progress');
CREATE INDEX visit_state ON visit (district_id, state, window_start);
SELECT guard_district('visit');

CREATE TABLE visit_entry (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  visit_id uuid NOT NULL REFERENCES visit,
  at timestamptz NOT NULL,
  account_id uuid REFERENCES account,
  action text NOT NULL,
  from_state text,
  to_state text,
  data jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE visit_entry IS 'owner: dispatch; retention: 10 years';
CREATE INDEX visit_entry_visit ON visit_entry (visit_id, at, id);
SELECT guard_district('visit_entry');

CREATE TABLE visit_proof (
  visit_id uuid PRIMARY KEY REFERENCES visit,
  district_id uuid NOT NULL REFERENCES district,
  verdict text NOT NULL CHECK (verdict IN ('proven', 'doubted', 'contradicted')),
  elements jsonb NOT NULL,
  witnesses jsonb NOT NULL,
  decided_at timestamptz NOT NULL
);
COMMENT ON TABLE visit_proof IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN visit_proof.elements IS 'the six elements: {service, recipient, date, place, caregiver, times: {ok, code, …numbers}}';
COMMENT ON COLUMN visit_proof.witnesses IS '[{"witness": "phone|code|devices|elder|photo", "says": "agrees|absent|contradicts", "code", …numbers}]';
SELECT guard_district('visit_proof');

CREATE FUNCTION ring_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'verified' THEN PERFORM pg_notify('visit', ''); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER visit_doorbell AFTER UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION ring_visit();

-- A case as people see it: the person, the home, the grade in force when it was opened, who has it, who was sent.
CREATE VIEW case_shown WITH (security_invoker = true) AS
SELECT c.id, c.district_id, c.class, c.type, c.severity, c.state, c.opened_at, c.last_alarm_at, c.claimed_by, c.claimed_at,
       c.resolved_at, c.closed_by, c.closed_at, c.outcome, c.false_alarm, c.policy, c.step, c.escalate_at, c.lowered_until,
       c.elder_id, e.name AS elder_name, e.gender AS elder_gender, e.born_on, e.lives_alone, e.languages, e.conditions,
       c.care_bed_id, b.label AS care_bed_label, h.id AS home_id, h.lat, h.lon, h.region_code,
       g.grade, coalesce(array_position('{total,severe,moderate,mild,intact}'::text[], g.grade), 6) AS grade_rank,
       a.name AS claimed_by_name, z.name AS closed_by_name, n.alarms,
       v.id AS visit_id, v.state AS visit_state, v.caregiver_id, p.name AS caregiver_name, v.why
FROM care_case c
LEFT JOIN elder e ON e.id = c.elder_id
LEFT JOIN care_bed b ON b.id = c.care_bed_id
LEFT JOIN home h ON h.id = coalesce(b.home_id, e.home_id)
LEFT JOIN account a ON a.id = c.claimed_by
LEFT JOIN account z ON z.id = c.closed_by
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = c.elder_id AND scale = 'gbt_42195'
                   AND (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN valid_from AND coalesce(valid_to, 'infinity')
                   LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT count(*)::int AS alarms FROM case_alarm WHERE case_id = c.id) n ON true
LEFT JOIN LATERAL (SELECT id, state, caregiver_id, why FROM visit WHERE case_id = c.id ORDER BY id DESC LIMIT 1) v ON true
LEFT JOIN caregiver p ON p.id = v.caregiver_id;
GRANT SELECT ON case_shown TO yinling_web, yinling_worker;

-- A visit as people see it.
CREATE VIEW visit_shown WITH (security_invoker = true) AS
SELECT v.id, v.district_id, v.elder_id, e.name AS elder_name, e.gender AS elder_gender, e.born_on, e.conditions,
       v.care_bed_id, h.id AS home_id, h.lat, h.lon, v.case_id, v.service, v.priority, v.state, v.window_start, v.window_end,
       v.minutes, v.provider_id, o.name AS provider_name, v.caregiver_id, p.name AS caregiver_name, v.why, v.funding, v.wanted_at,
       v.offered_at, v.accepted_at, v.started_at, v.ended_at, v.record, v.check_in, v.check_out,
       f.verdict, f.elements, f.witnesses, f.decided_at
FROM visit v
JOIN elder e ON e.id = v.elder_id
LEFT JOIN care_bed b ON b.id = v.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id)
LEFT JOIN provider o ON o.id = v.provider_id
LEFT JOIN caregiver p ON p.id = v.caregiver_id
LEFT JOIN visit_proof f ON f.visit_id = v.id;
GRANT SELECT ON visit_shown TO yinling_web, yinling_worker;

ALTER TABLE account ADD FOREIGN KEY (caregiver_id) REFERENCES caregiver, ADD FOREIGN KEY (provider_id) REFERENCES provider;
ALTER TABLE care_bed ADD FOREIGN KEY (provider_id) REFERENCES provider;

GRANT SELECT, INSERT, UPDATE ON care_case, case_alarm, case_entry, protocol, escalation_policy, provider, caregiver, certificate,
  shift, caregiver_position, visit, visit_entry, visit_proof TO yinling_web, yinling_worker;
