-- Assessments on a tablet: notes, drawn signatures, disputes and reviews, who waits for one; other scales' sources; guardianship.

ALTER TABLE assessment
  ADD COLUMN notes_sealed bytea,
  ADD COLUMN parameters jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN informant text CHECK (informant IN ('self', 'spouse', 'child', 'relative', 'caregiver', 'neighbour', 'official', 'other')),
  ADD COLUMN review_of uuid REFERENCES assessment,
  ADD COLUMN valid_to date,
  ADD COLUMN recorded_at timestamptz,
  ADD CHECK (review_of <> id);
COMMENT ON COLUMN assessment.notes_sealed IS 'JSON {item or adjustment: words} of the assessors';
COMMENT ON COLUMN assessment.parameters IS 'the district''s choices as they were: {coma_is_total, raising_rules_add_up, validity_months}';
COMMENT ON COLUMN assessment.review_of IS 'the disputed assessment that this one looks at again';
CREATE INDEX assessment_waiting ON assessment (district_id, id) WHERE assessor_2 IS NULL;

CREATE TABLE assessment_signature (
  assessment_id uuid NOT NULL REFERENCES assessment,
  position int NOT NULL CHECK (position IN (1, 2)),
  district_id uuid NOT NULL REFERENCES district,
  account_id uuid NOT NULL REFERENCES account,
  path_sealed bytea NOT NULL,
  statement jsonb NOT NULL,
  digest bytea NOT NULL,
  is_intact boolean NOT NULL,
  on_first_tablet boolean NOT NULL,
  signed_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (assessment_id, position),
  UNIQUE (assessment_id, account_id)
);
COMMENT ON TABLE assessment_signature IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN assessment_signature.statement IS 'what was signed: the assessment, the person, the answers, the score and the grade';
COMMENT ON COLUMN assessment_signature.on_first_tablet IS 'the second assessor drew it on the first one''s tablet, and proved by password who it was';
SELECT guard_district('assessment_signature');

CREATE TABLE assessment_dispute (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  assessment_id uuid NOT NULL REFERENCES assessment,
  elder_id uuid NOT NULL REFERENCES elder,
  by_kind text NOT NULL CHECK (by_kind IN ('elder', 'family', 'clerk')),
  grounds text[] NOT NULL CHECK (cardinality(grounds) > 0),
  words_sealed bytea,
  raised_by uuid NOT NULL REFERENCES account,
  raised_at timestamptz NOT NULL,
  review_by date NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'reviewed', 'withdrawn')),
  review_id uuid REFERENCES assessment,
  outcome text CHECK (outcome IN ('same', 'milder', 'worse')),
  closed_by uuid REFERENCES account,
  closed_at timestamptz,
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK ((state = 'reviewed') = (review_id IS NOT NULL AND outcome IS NOT NULL))
);
COMMENT ON TABLE assessment_dispute IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN assessment_dispute.outcome IS 'the grade of the review beside the disputed one, which was in force until then';
CREATE UNIQUE INDEX assessment_dispute_once ON assessment_dispute (assessment_id) WHERE state <> 'withdrawn';
CREATE INDEX assessment_dispute_elder ON assessment_dispute (elder_id, id);
SELECT guard_district('assessment_dispute');

CREATE TABLE assessment_want (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  cause text NOT NULL CHECK (cause IN ('application', 'condition', 'dispute', 'lapsing', 'lapsed', 'ungraded', 'asked')),
  cause_id uuid,
  reason text NOT NULL CHECK (reason IN ('first', 'routine', 'immediate', 'review', 'other')),
  due_on date NOT NULL,
  assessor_1 uuid REFERENCES account,
  assessor_2 uuid REFERENCES account,
  planned_at timestamptz,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
  assessment_id uuid REFERENCES assessment,
  wanted_at timestamptz NOT NULL,
  closed_by uuid REFERENCES account,
  closed_at timestamptz,
  CHECK (assessor_1 <> assessor_2),
  CHECK ((assessor_1 IS NULL) = (planned_at IS NULL)),
  CHECK ((state = 'open') = (closed_at IS NULL))
);
COMMENT ON TABLE assessment_want IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN assessment_want.cause_id IS 'what asks for it: an application, a condition report, a dispute, a grade';
CREATE UNIQUE INDEX assessment_want_once ON assessment_want (elder_id, cause, coalesce(cause_id, elder_id));
CREATE INDEX assessment_want_due ON assessment_want (district_id, due_on, id) WHERE state = 'open';
SELECT guard_district('assessment_want');

CREATE TABLE grade_entry (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  scale text NOT NULL CHECK (scale IN ('tekun_self_care', 'disability_certificate', 'ltci')),
  grade text NOT NULL,
  issuer text NOT NULL,
  issued_on date NOT NULL,
  number_sealed bytea,
  valid_from date NOT NULL,
  valid_to date,
  entered_by uuid NOT NULL REFERENCES account,
  entered_at timestamptz NOT NULL,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
COMMENT ON TABLE grade_entry IS 'owner: services; retention: 10 years; the paper behind a grade of another scale';
CREATE INDEX grade_entry_elder ON grade_entry (elder_id, id);
SELECT guard_district('grade_entry');

CREATE TABLE guardianship (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  capacity text NOT NULL CHECK (capacity IN ('none', 'limited', 'unknown')),
  opened_by uuid NOT NULL REFERENCES account,
  opened_at timestamptz NOT NULL,
  closed_on date,
  closed_by uuid REFERENCES account,
  close_reason text CHECK (close_reason IN ('died', 'capacity_regained', 'moved', 'not_needed')),
  CHECK ((closed_on IS NULL) = (closed_by IS NULL) AND (closed_on IS NULL) = (close_reason IS NULL))
);
COMMENT ON TABLE guardianship IS 'owner: services; retention: 30 years';
COMMENT ON COLUMN guardianship.capacity IS 'civil capacity as determined: none, limited; unknown until the second step';
CREATE UNIQUE INDEX guardianship_once ON guardianship (elder_id) WHERE closed_on IS NULL;
SELECT guard_district('guardianship');

CREATE TABLE guardianship_step (
  guardianship_id uuid NOT NULL REFERENCES guardianship,
  step text NOT NULL CHECK (step IN ('investigate', 'determine', 'choose', 'care')),
  district_id uuid NOT NULL REFERENCES district,
  done_on date NOT NULL,
  finding text NOT NULL,
  note_sealed bytea,
  done_by uuid NOT NULL REFERENCES account,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (guardianship_id, step)
);
COMMENT ON TABLE guardianship_step IS 'owner: services; retention: 30 years';
SELECT guard_district('guardianship_step');

CREATE TABLE guardianship_member (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  guardianship_id uuid NOT NULL REFERENCES guardianship,
  role text NOT NULL CHECK (role IN ('guardian', 'caregiver', 'official', 'nurse', 'social_worker')),
  name text NOT NULL CHECK (name <> ''),
  phone_sealed bytea,
  caregiver_id uuid REFERENCES caregiver,
  caller_id uuid REFERENCES caller,
  valid_from date NOT NULL,
  valid_to date,
  named_by uuid NOT NULL REFERENCES account,
  named_at timestamptz NOT NULL,
  CHECK (valid_to IS NULL OR valid_to >= valid_from),
  CHECK (caregiver_id IS NULL OR caller_id IS NULL),
  EXCLUDE USING gist (guardianship_id WITH =, role WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
COMMENT ON TABLE guardianship_member IS 'owner: services; retention: 30 years; one holder of a role at a time';
SELECT guard_district('guardianship_member');

CREATE TABLE guardianship_duty (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  guardianship_id uuid NOT NULL REFERENCES guardianship,
  role text NOT NULL CHECK (role IN ('guardian', 'caregiver', 'official', 'nurse', 'social_worker')),
  rrule text NOT NULL,
  starts_on date NOT NULL,
  ends_on date,
  window_start time NOT NULL,
  window_end time NOT NULL,
  laid_to date,
  set_by uuid NOT NULL REFERENCES account,
  set_at timestamptz NOT NULL,
  CHECK (window_end > window_start),
  CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
COMMENT ON TABLE guardianship_duty IS 'owner: services; retention: 30 years';
COMMENT ON COLUMN guardianship_duty.laid_to IS 'the last day for which call_on visits have been wanted';
CREATE UNIQUE INDEX guardianship_duty_once ON guardianship_duty (guardianship_id, role) WHERE ends_on IS NULL;
CREATE INDEX guardianship_duty_due ON guardianship_duty (district_id, laid_to);
SELECT guard_district('guardianship_duty');

CREATE TABLE guardianship_have (
  guardianship_id uuid NOT NULL REFERENCES guardianship,
  item text NOT NULL CHECK (item <> ''),
  district_id uuid NOT NULL REFERENCES district,
  had_on date NOT NULL,
  check_by date,
  checked_by uuid NOT NULL REFERENCES account,
  checked_at timestamptz NOT NULL,
  PRIMARY KEY (guardianship_id, item, had_on)
);
COMMENT ON TABLE guardianship_have IS 'owner: services; retention: 30 years; each look at one of the six, the latest counts';
COMMENT ON COLUMN guardianship_have.check_by IS 'until when it is taken to hold; null: it was found missing on that day';
SELECT guard_district('guardianship_have');

GRANT SELECT, INSERT, UPDATE ON assessment_signature, assessment_dispute, assessment_want, grade_entry, guardianship, guardianship_step,
  guardianship_member, guardianship_duty, guardianship_have TO yinling_web, yinling_worker;

SELECT fence_districts();
