-- Who calls us: the queue of callers, who was missed and called back, what was recorded, and cases entered by hand.

CREATE TABLE caller_number (
  subject_id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  kind text NOT NULL CHECK (kind IN ('elder', 'family_member', 'caregiver', 'account')),
  number_index bytea,
  mark bytea NOT NULL
);
COMMENT ON TABLE caller_number IS 'owner: dispatch; retention: as the number it was read from';
COMMENT ON COLUMN caller_number.number_index IS 'blind index of the number in its stored form; null: what stands there is no number';
COMMENT ON COLUMN caller_number.mark IS 'SHA-256 of the sealed number that was read: another one is read again';
CREATE INDEX caller_number_found ON caller_number (number_index) WHERE number_index IS NOT NULL;
SELECT guard_district('caller_number');

CREATE TABLE inbound_call (
  call_id uuid PRIMARY KEY REFERENCES phone_call,
  district_id uuid NOT NULL REFERENCES district,
  number_sealed bytea,
  number_index bytea,
  arrived_at timestamptz NOT NULL,
  on_duty int NOT NULL,
  step int NOT NULL DEFAULT 0,
  looked_at timestamptz,
  rung_id uuid REFERENCES account,
  rung_over boolean NOT NULL DEFAULT false,
  taken_by uuid REFERENCES account,
  taken_at timestamptz,
  missed_by uuid REFERENCES account,
  connected_at timestamptz,
  ended_at timestamptz,
  reason text CHECK (reason IN ('gave_up', 'gave_up_at_once', 'nobody_on_duty', 'desk_did_not_answer', 'waited_too_long', 'technical')),
  case_id uuid REFERENCES care_case,
  tries int NOT NULL DEFAULT 0,
  tried_at timestamptz,
  tried_by uuid REFERENCES account,
  returned_at timestamptz,
  returned_by uuid REFERENCES account,
  returned_how text CHECK (returned_how IN ('called', 'came_through', 'case', 'wrong_number', 'written_off')),
  CHECK ((number_sealed IS NULL) = (number_index IS NULL)),
  CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
  CHECK (connected_at IS NULL OR reason IS NULL),
  CHECK ((returned_at IS NULL) = (returned_how IS NULL))
);
COMMENT ON TABLE inbound_call IS 'owner: dispatch; retention: 3 years; numbers are sealed';
COMMENT ON COLUMN inbound_call.number_index IS 'blind index of the caller''s number; null: withheld';
COMMENT ON COLUMN inbound_call.on_duty IS 'operators who were there when it arrived';
COMMENT ON COLUMN inbound_call.step IS 'how many times the caller was told to wait';
COMMENT ON COLUMN inbound_call.looked_at IS 'when the carrier last asked what the caller hears; null: at the arrival';
COMMENT ON COLUMN inbound_call.rung_id IS 'the duty manager whose phone rings, as no operator was there';
COMMENT ON COLUMN inbound_call.rung_over IS 'that phone rings no more; before it a repeated question is answered the same';
COMMENT ON COLUMN inbound_call.taken_by IS 'whose desk phone rings, or who speaks; the first who took it';
COMMENT ON COLUMN inbound_call.missed_by IS 'who took it last and did not pick up the phone';
COMMENT ON COLUMN inbound_call.reason IS 'why nobody spoke to the caller; null: somebody did, or it goes on';
COMMENT ON COLUMN inbound_call.tries IS 'calls back that did not reach the caller';
CREATE INDEX inbound_call_waiting ON inbound_call (district_id, arrived_at) WHERE ended_at IS NULL;
CREATE INDEX inbound_call_missed ON inbound_call (district_id, ended_at) WHERE reason IS NOT NULL AND returned_at IS NULL;
CREATE INDEX inbound_call_number ON inbound_call (number_index, arrived_at) WHERE number_index IS NOT NULL;
CREATE INDEX inbound_call_newest ON inbound_call (district_id, arrived_at);
SELECT guard_district('inbound_call');

CREATE TABLE case_report (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  case_id uuid NOT NULL REFERENCES care_case,
  source text NOT NULL CHECK (source IN ('phone', 'hotline_12345', 'paper', 'walk_in', 'neighbour', 'other')),
  number text,
  words_sealed bytea,
  name_sealed bytea,
  phone_sealed bytea,
  call_id uuid REFERENCES inbound_call,
  complaint_id uuid,
  received_at timestamptz NOT NULL,
  entered_by uuid REFERENCES account,
  entered_at timestamptz NOT NULL
);
COMMENT ON TABLE case_report IS 'owner: dispatch; retention: 10 years; words, name and number are sealed';
COMMENT ON COLUMN case_report.number IS 'the hotline''s order, or the number on the paper';
COMMENT ON COLUMN case_report.complaint_id IS 'the complaint of services that says the same';
COMMENT ON COLUMN case_report.entered_by IS 'null: the system, of a call that nobody took';
CREATE INDEX case_report_case ON case_report (case_id);
CREATE INDEX case_report_call ON case_report (call_id) WHERE call_id IS NOT NULL;
CREATE UNIQUE INDEX case_report_number ON case_report (district_id, source, number) WHERE number IS NOT NULL;
SELECT guard_district('case_report');

CREATE TABLE recording (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  call_id uuid NOT NULL REFERENCES phone_call,
  elder_id uuid NOT NULL REFERENCES elder,
  carrier_ref text,
  state text NOT NULL CHECK (state IN ('wanted', 'kept', 'deleted', 'lost')),
  seconds int NOT NULL CHECK (seconds >= 0),
  sound_sealed bytea,
  media_type text NOT NULL DEFAULT 'audio/x-wav',
  made_at timestamptz NOT NULL,
  next_at timestamptz,
  tries int NOT NULL DEFAULT 0,
  delete_at timestamptz NOT NULL,
  deleted_at timestamptz,
  deleted_why text CHECK (deleted_why IN ('retention', 'consent_withdrawn', 'by_hand')),
  UNIQUE (call_id, carrier_ref),
  CHECK ((state = 'kept') = (sound_sealed IS NOT NULL)),
  CHECK ((state = 'deleted') = (deleted_at IS NOT NULL))
);
COMMENT ON TABLE recording IS 'owner: dispatch; retention: recording_days (setting, 90) or until the consent is withdrawn; the row stays 3 years without its sound';
COMMENT ON COLUMN recording.next_at IS 'when the carrier is asked for the sound';
CREATE INDEX recording_due ON recording (district_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX recording_kept ON recording (district_id, delete_at) WHERE state <> 'deleted';
CREATE INDEX recording_call ON recording (call_id);
SELECT guard_district('recording');

GRANT SELECT, INSERT, UPDATE, DELETE ON caller_number TO yinling_web, yinling_worker;
GRANT SELECT, INSERT, UPDATE ON inbound_call, case_report, recording TO yinling_web, yinling_worker;
GRANT DELETE ON inbound_call, recording TO yinling_worker;

SELECT fence_districts();
