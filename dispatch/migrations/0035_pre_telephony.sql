-- Calls and messages over a carrier or the desk phone, what the carrier said of each, and which phone rings at a seat.

CREATE TABLE phone_call (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  kind text NOT NULL CHECK (kind IN ('notice', 'bridge', 'inbound')),
  channel text NOT NULL CHECK (channel IN ('voice', 'sms')),
  direction text NOT NULL CHECK (direction IN ('out', 'in')),
  carrier text NOT NULL CHECK (carrier IN ('twilio', 'domestic', 'desk')),
  carrier_ref text,
  token_hash bytea UNIQUE,
  token_ends_at timestamptz,
  case_id uuid REFERENCES care_case,
  notice_try_id uuid UNIQUE,
  account_id uuid REFERENCES account,
  elder_id uuid REFERENCES elder,
  family_member_id uuid REFERENCES family_member,
  caregiver_id uuid REFERENCES caregiver,
  target text,
  number_sealed bytea,
  number_index bytea,
  state text NOT NULL CHECK (state IN ('queued', 'sent', 'ringing', 'answered', 'delivered', 'busy', 'no_answer', 'voicemail',
                                       'failed', 'canceled', 'ended')),
  code text,
  is_permanent boolean NOT NULL DEFAULT false,
  keys text NOT NULL DEFAULT '',
  result text,
  queued_at timestamptz NOT NULL,
  send_at timestamptz,
  sent_at timestamptz,
  started_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  seconds int CHECK (seconds >= 0),
  hang_up_at timestamptz,
  is_recorded boolean NOT NULL DEFAULT false,
  recording_id uuid,
  CHECK ((token_hash IS NULL) = (token_ends_at IS NULL)),
  CHECK ((ended_at IS NULL) = (state NOT IN ('busy', 'no_answer', 'voicemail', 'failed', 'canceled', 'ended')) OR channel = 'sms')
);
COMMENT ON TABLE phone_call IS 'owner: dispatch; retention: 3 years; numbers are sealed';
COMMENT ON COLUMN phone_call.carrier IS 'desk: dialled by hand, the outcome said with one key';
COMMENT ON COLUMN phone_call.token_hash IS 'SHA-256 of the nonce in every webhook''s address; good until token_ends_at';
COMMENT ON COLUMN phone_call.notice_try_id IS 'the try of a notice that this is';
COMMENT ON COLUMN phone_call.account_id IS 'who called, by a bridge; who is called, by a notice to staff';
COMMENT ON COLUMN phone_call.target IS 'whom a call of a case is to: elder, family, caregiver, neighbour, emergency_120, …';
COMMENT ON COLUMN phone_call.number_index IS 'blind index of the installation, not of the district: a reply by SMS finds its district';
COMMENT ON COLUMN phone_call.state IS 'of the person called; by rank: a late word of a lower rank changes nothing';
COMMENT ON COLUMN phone_call.result IS 'what the operator said of it, or what the carrier did';
COMMENT ON COLUMN phone_call.send_at IS 'when the tick asks the carrier (a bridge); null: nothing to ask';
COMMENT ON COLUMN phone_call.hang_up_at IS 'somebody asked to hang up; null again when the carrier has been told';
COMMENT ON COLUMN phone_call.is_recorded IS 'recording was asked for, with consent';
CREATE INDEX phone_call_case ON phone_call (case_id, queued_at) WHERE case_id IS NOT NULL;
CREATE INDEX phone_call_number ON phone_call (number_index, queued_at) WHERE number_index IS NOT NULL;
CREATE INDEX phone_call_to_send ON phone_call (district_id, send_at) WHERE send_at IS NOT NULL OR hang_up_at IS NOT NULL;
CREATE INDEX phone_call_open ON phone_call (district_id, queued_at) WHERE kind = 'bridge' AND state IN ('sent', 'ringing', 'answered');
CREATE INDEX phone_call_newest ON phone_call (district_id, queued_at);
CREATE UNIQUE INDEX phone_call_ref ON phone_call (carrier, carrier_ref) WHERE carrier_ref IS NOT NULL;
SELECT guard_district('phone_call');

CREATE TABLE phone_event (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  call_id uuid NOT NULL REFERENCES phone_call,
  key text NOT NULL,
  kind text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  said_at timestamptz,
  received_at timestamptz NOT NULL,
  changed boolean NOT NULL DEFAULT false,
  UNIQUE (call_id, key)
);
COMMENT ON TABLE phone_event IS 'owner: dispatch; retention: 3 years; one row a word of the carrier, codes only';
COMMENT ON COLUMN phone_event.key IS 'the carrier''s own number of the event, or what makes it one: a repetition is the same row';
COMMENT ON COLUMN phone_event.said_at IS 'the carrier''s clock; received_at is ours';
COMMENT ON COLUMN phone_event.changed IS 'false: it came too late to change anything';
SELECT guard_district('phone_event');

CREATE TABLE desk_phone (
  account_id uuid PRIMARY KEY REFERENCES account,
  district_id uuid NOT NULL REFERENCES district,
  number_sealed bytea NOT NULL,
  changed_at timestamptz NOT NULL
);
COMMENT ON TABLE desk_phone IS 'owner: dispatch; retention: as the account; the phone that rings first when this operator calls';
SELECT guard_district('desk_phone');

-- A webhook's token says which call, and so which district; nothing else is told before the district is entered.
CREATE POLICY definer ON phone_call FOR SELECT TO yinling_owner USING (true);
CREATE FUNCTION phone_call_of_token(wanted bytea, at timestamptz) RETURNS TABLE (id uuid, district_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id, c.district_id FROM phone_call c WHERE c.token_hash = wanted AND c.token_ends_at > at
$$;
-- Which district last wrote to a number: there its answer belongs.
CREATE FUNCTION phone_call_of_number(wanted bytea, since timestamptz) RETURNS TABLE (id uuid, district_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id, c.district_id FROM phone_call c
  WHERE c.number_index = wanted AND c.queued_at >= since AND c.kind = 'notice' ORDER BY c.queued_at DESC, c.id DESC LIMIT 1
$$;
REVOKE EXECUTE ON FUNCTION phone_call_of_token(bytea, timestamptz), phone_call_of_number(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION phone_call_of_token(bytea, timestamptz), phone_call_of_number(bytea, timestamptz) TO yinling_web;

GRANT SELECT, INSERT, UPDATE ON phone_call, phone_event, desk_phone TO yinling_web, yinling_worker;
GRANT DELETE ON desk_phone TO yinling_web;
GRANT DELETE ON phone_call, phone_event TO yinling_worker;

SELECT fence_districts();
