-- The call centre's duty manager: who is on duty, how fast alarms are answered, how well calls are made, what is paused.

ALTER TABLE account ADD COLUMN phone_sealed bytea;
COMMENT ON COLUMN account.phone_sealed IS 'by which the call centre reaches whoever is on duty';
GRANT UPDATE (phone_sealed) ON account TO yinling_web, yinling_worker;

CREATE TABLE duty_pattern (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  account_id uuid NOT NULL REFERENCES account,
  role text NOT NULL CHECK (role IN ('operator', 'duty_manager')),
  weekdays int[] NOT NULL CHECK (cardinality(weekdays) > 0 AND weekdays <@ '{1,2,3,4,5,6,7}'),
  starts time NOT NULL,
  minutes int NOT NULL CHECK (minutes BETWEEN 30 AND 1440),
  valid_from date NOT NULL,
  valid_to date,
  laid_to date,
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  CHECK (valid_from <= valid_to)
);
COMMENT ON TABLE duty_pattern IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN duty_pattern.weekdays IS '1 Monday to 7 Sunday, of the local day on which the shift begins';
COMMENT ON COLUMN duty_pattern.laid_to IS 'shifts have been laid to this day: one that was removed since does not come back';
CREATE INDEX duty_pattern_account ON duty_pattern (account_id);
SELECT guard_district('duty_pattern');

CREATE TABLE duty_shift (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  account_id uuid NOT NULL REFERENCES account,
  role text NOT NULL CHECK (role IN ('operator', 'duty_manager')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '24 hours'),
  origin text,
  created_by uuid REFERENCES account,
  agreed_by uuid REFERENCES account,
  told_at timestamptz,
  CONSTRAINT duty_shift_overlap EXCLUDE USING gist (account_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
);
COMMENT ON TABLE duty_shift IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN duty_shift.role IS 'what the person does in this shift: a duty manager may sit in for an operator';
COMMENT ON COLUMN duty_shift.origin IS 'pattern:{id}: laid by a weekly pattern; null: by hand';
COMMENT ON COLUMN duty_shift.agreed_by IS 'who agreed to it although it breaks a rule of working time';
COMMENT ON COLUMN duty_shift.told_at IS 'when the console was told that it begins soon';
CREATE INDEX duty_shift_time ON duty_shift (district_id, starts_at, ends_at);
SELECT guard_district('duty_shift');

CREATE TABLE duty_override (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  absent_id uuid NOT NULL REFERENCES account,
  instead_id uuid REFERENCES account CHECK (instead_id <> absent_id),
  reason text NOT NULL CHECK (reason IN ('sick', 'leave', 'training', 'exchange', 'other')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '60 days'),
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  agreed_by uuid REFERENCES account,
  withdrawn_at timestamptz,
  withdrawn_by uuid REFERENCES account,
  CONSTRAINT duty_override_overlap EXCLUDE USING gist (absent_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (withdrawn_at IS NULL)
);
COMMENT ON TABLE duty_override IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN duty_override.instead_id IS 'who sits in during whatever shifts of absent_id lie in the span; null: nobody, which is a gap';
SELECT guard_district('duty_override');

CREATE TABLE duty_swap (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  duty_shift_id uuid NOT NULL,
  giver_id uuid NOT NULL REFERENCES account,
  taker_id uuid REFERENCES account CHECK (taker_id <> giver_id),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('offered', 'taken', 'approved', 'refused', 'declined', 'withdrawn')),
  offered_at timestamptz NOT NULL,
  answered_at timestamptz,
  decided_by uuid REFERENCES account,
  decided_at timestamptz,
  CHECK (state NOT IN ('taken', 'approved') OR taker_id IS NOT NULL)
);
COMMENT ON TABLE duty_swap IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN duty_swap.duty_shift_id IS 'the shift that changes hands (it may be gone by now); times are as they were when it was offered';
COMMENT ON COLUMN duty_swap.taker_id IS 'null: offered to everybody';
CREATE UNIQUE INDEX duty_swap_open ON duty_swap (duty_shift_id) WHERE state IN ('offered', 'taken');
CREATE INDEX duty_swap_giver ON duty_swap (giver_id);
CREATE INDEX duty_swap_taker ON duty_swap (taker_id);
SELECT guard_district('duty_swap');

-- Who is on duty indeed: the shifts without what somebody else has instead, and what they have instead.
CREATE VIEW duty_held WITH (security_invoker = true) AS
SELECT s.district_id, s.id AS duty_shift_id, NULL::uuid AS override_id, s.account_id, s.role, lower(p.part) AS starts_at, upper(p.part) AS ends_at
FROM duty_shift s
CROSS JOIN LATERAL unnest(tstzmultirange(tstzrange(s.starts_at, s.ends_at)) - coalesce(
  (SELECT range_agg(tstzrange(o.starts_at, o.ends_at)) FROM duty_override o
   WHERE o.absent_id = s.account_id AND o.withdrawn_at IS NULL AND o.starts_at < s.ends_at AND o.ends_at > s.starts_at),
  '{}'::tstzmultirange)) AS p (part)
UNION ALL
SELECT s.district_id, s.id, o.id, o.instead_id, s.role, greatest(s.starts_at, o.starts_at), least(s.ends_at, o.ends_at)
FROM duty_override o
JOIN duty_shift s ON s.account_id = o.absent_id AND s.starts_at < o.ends_at AND s.ends_at > o.starts_at
WHERE o.withdrawn_at IS NULL AND o.instead_id IS NOT NULL;
GRANT SELECT ON duty_held TO yinling_web, yinling_worker;

-- What becomes of alarms: one row a care case, made by a tick from its timeline; the sums per hour and operator.
CREATE TABLE answer (
  case_id uuid PRIMARY KEY REFERENCES care_case,
  district_id uuid NOT NULL REFERENCES district,
  opened_at timestamptz NOT NULL,
  hour timestamptz NOT NULL,
  apart text CHECK (apart IN ('lowered', 'paused', 'shelved', 'test', 'by_hand', 'gone')),
  alarms int NOT NULL,
  type text NOT NULL,
  severity int NOT NULL,
  answered_at timestamptz,
  answered_by uuid REFERENCES account,
  seconds int,
  busy_seconds int NOT NULL DEFAULT 0,
  sent_at timestamptz,
  scene_at timestamptz,
  scene_seconds int,
  visits int NOT NULL DEFAULT 0,
  is_closed boolean NOT NULL,
  is_false boolean NOT NULL,
  thing_model text,
  device_id uuid,
  home_id uuid
);
COMMENT ON TABLE answer IS 'owner: dispatch; retention: as the case; made anew from its timeline whenever that grows';
COMMENT ON COLUMN answer.hour IS 'the hour in which the alarm came: the sums of this hour hold it';
COMMENT ON COLUMN answer.apart IS 'why it does not count in the answer times (docs/manual/kpi.md); null: it counts';
COMMENT ON COLUMN answer.seconds IS 'from the alarm to the first claim or call by a person; null: nobody has answered';
COMMENT ON COLUMN answer.scene_seconds IS 'from the decision to send to somebody on the scene';
COMMENT ON COLUMN answer.device_id IS 'what raised the alarm that opened the case';
CREATE INDEX answer_hour ON answer (district_id, hour);
CREATE INDEX answer_slow ON answer (district_id, seconds DESC NULLS FIRST, hour) WHERE apart IS NULL AND (seconds IS NULL OR seconds > 60);
CREATE INDEX answer_late ON answer (district_id, hour) WHERE scene_seconds > 2700 OR (sent_at IS NOT NULL AND scene_at IS NULL);
CREATE INDEX answer_open ON answer (district_id, hour) WHERE NOT is_closed;
CREATE INDEX answer_false ON answer (district_id, hour) WHERE is_false;
CREATE INDEX answer_operator ON answer (district_id, answered_by, hour);
SELECT guard_district('answer');

CREATE TABLE answer_tally (
  district_id uuid NOT NULL REFERENCES district,
  hour timestamptz NOT NULL,
  account_id uuid REFERENCES account,
  cases int NOT NULL,
  answered int NOT NULL,
  in_60 int NOT NULL,
  in_180 int NOT NULL,
  seconds bigint NOT NULL,
  longest int NOT NULL,
  busy_seconds bigint NOT NULL,
  sent int NOT NULL,
  scenes int NOT NULL,
  scene_45 int NOT NULL,
  scene_60 int NOT NULL,
  falses int NOT NULL,
  joined int NOT NULL,
  lowered int NOT NULL,
  paused int NOT NULL,
  shelved int NOT NULL,
  tests int NOT NULL,
  by_hand int NOT NULL,
  gone int NOT NULL,
  UNIQUE NULLS NOT DISTINCT (district_id, hour, account_id)
);
COMMENT ON TABLE answer_tally IS 'owner: dispatch; retention: as the cases; sums of answer, made anew by a tick for each hour that changed';
COMMENT ON COLUMN answer_tally.account_id IS 'who answered; null: nobody';
SELECT guard_district('answer_tally');

CREATE TABLE answer_touch (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  case_id uuid NOT NULL
);
COMMENT ON TABLE answer_touch IS 'owner: dispatch; retention: until the next tick; cases whose timeline has grown';
SELECT guard_district('answer_touch');

-- Rows without a key: nobody waits for anybody who works on the same case.
CREATE FUNCTION touch_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO answer_touch (district_id, case_id) SELECT DISTINCT district_id, case_id FROM after_rows;
  RETURN NULL;
END $$;
CREATE TRIGGER case_entry_answered AFTER INSERT ON case_entry REFERENCING NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION touch_answers();

-- Cases from before these sums.
DO $$
DECLARE one uuid;
BEGIN
  FOR one IN SELECT id FROM district LOOP
    PERFORM set_config('yinling.district', one::text, true);
    INSERT INTO answer_touch (district_id, case_id) SELECT district_id, id FROM care_case WHERE class = 'care';
  END LOOP;
  PERFORM set_config('yinling.district', '', true);
END $$;

CREATE TABLE quality_sample (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  seed text NOT NULL,
  form int NOT NULL,
  population int NOT NULL,
  population_hash bytea NOT NULL,
  drawn_at timestamptz NOT NULL,
  drawn_by uuid REFERENCES account,
  UNIQUE (district_id, month)
);
COMMENT ON TABLE quality_sample IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN quality_sample.form IS 'the version of the form (dispatch/centre/quality.toml) that it is scored on';
COMMENT ON COLUMN quality_sample.population_hash IS 'of what was drawn from: the same seed and population draw the same';
SELECT guard_district('quality_sample');

CREATE TABLE quality_item (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  quality_sample_id uuid NOT NULL REFERENCES quality_sample,
  account_id uuid NOT NULL REFERENCES account,
  case_id uuid NOT NULL REFERENCES care_case,
  is_whole boolean NOT NULL,
  marks jsonb,
  is_critical boolean NOT NULL DEFAULT false,
  points int,
  most int,
  remark_sealed bytea,
  scored_by uuid REFERENCES account CHECK (scored_by <> account_id),
  scored_at timestamptz,
  seen_at timestamptz,
  answer_sealed bytea,
  answered_at timestamptz,
  UNIQUE (quality_sample_id, case_id, account_id),
  CHECK ((scored_at IS NULL) = (points IS NULL) AND (scored_at IS NULL) = (marks IS NULL) AND (scored_at IS NULL) = (scored_by IS NULL)),
  CHECK ((answered_at IS NULL) = (answer_sealed IS NULL))
);
COMMENT ON TABLE quality_item IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN quality_item.is_whole IS 'an emergency from the sending to the close; else a call';
COMMENT ON COLUMN quality_item.marks IS '{criterion: 0-2 or null where it does not apply}';
CREATE INDEX quality_item_account ON quality_item (account_id);
SELECT guard_district('quality_item');

CREATE TABLE monitoring_pause (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  care_bed_id uuid REFERENCES care_bed,
  absence_id uuid REFERENCES absence,
  reason text NOT NULL CHECK (reason IN ('hospital', 'holiday', 'repair', 'other')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  warned_at timestamptz,
  questioned_at timestamptz,
  ended_at timestamptz,
  ended_by uuid REFERENCES account,
  CHECK (ended_by IS NULL OR ended_at IS NOT NULL),
  CONSTRAINT monitoring_pause_once EXCLUDE USING gist (elder_id WITH =, coalesce(care_bed_id, '00000000-0000-0000-0000-000000000000') WITH =,
    tstzrange(starts_at, ends_at) WITH &&) WHERE (ended_at IS NULL)
);
COMMENT ON TABLE monitoring_pause IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN monitoring_pause.care_bed_id IS 'only what this bed''s devices say; null: whatever is said of the person';
COMMENT ON COLUMN monitoring_pause.ended_at IS 'when it was over: by a person (ended_by), or by itself at ends_at';
COMMENT ON COLUMN monitoring_pause.warned_at IS 'when the call centre was told that it ends within a day';
COMMENT ON COLUMN monitoring_pause.questioned_at IS 'when an alarm last said that somebody is there all the same';
CREATE INDEX monitoring_pause_open ON monitoring_pause (district_id, ends_at) WHERE ended_at IS NULL;
SELECT guard_district('monitoring_pause');

ALTER TABLE care_case ADD COLUMN paused_by uuid REFERENCES monitoring_pause;
COMMENT ON COLUMN care_case.paused_by IS 'the pause during which its alarms came: shown, and does not page';
CREATE INDEX care_case_paused ON care_case (paused_by) WHERE paused_by IS NOT NULL AND state <> 'closed';

GRANT SELECT, INSERT, UPDATE ON duty_pattern, duty_shift, duty_override, duty_swap, quality_sample, quality_item, monitoring_pause
  TO yinling_web, yinling_worker;
GRANT DELETE ON duty_shift TO yinling_web, yinling_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON answer, answer_tally TO yinling_worker, yinling_web;
GRANT SELECT, INSERT, DELETE ON answer_touch TO yinling_worker, yinling_web;
SELECT fence_districts();
