-- Who may be sent: what providers have undertaken, how caregivers travel and work, rosters, leave, swaps, wishes.

ALTER TABLE provider ADD COLUMN mode text NOT NULL DEFAULT 'dispatch' CHECK (mode IN ('dispatch', 'grab'));
COMMENT ON COLUMN provider.mode IS 'dispatch: the planner or the manager names who goes; grab: a visit is open to all who may, the first has it';

ALTER TABLE caregiver
  ADD COLUMN staff_number text, ADD COLUMN working_time jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN vehicle text NOT NULL DEFAULT 'ebike' CHECK (vehicle IN ('walk', 'ebike', 'motorbike', 'car')),
  ADD CHECK (staff_number <> '');
COMMENT ON COLUMN caregiver.staff_number IS 'as the provider numbers its people; what a sheet names them by';
COMMENT ON COLUMN caregiver.working_time IS 'own limits instead of the district''s: {day_hours, week_hours, rest_hours, days_in_a_row}';
COMMENT ON COLUMN caregiver.speed_kmh IS 'of the vehicle, or their own';
CREATE UNIQUE INDEX caregiver_staff_number ON caregiver (provider_id, staff_number) WHERE ended_at IS NULL;

-- Shifts of one person that overlap become one: they could be laid so far, and counted their hours twice.
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT id FROM district LOOP
    PERFORM set_config('yinling.district', one.id::text, true);
    CREATE TEMP TABLE island ON COMMIT DROP AS
      SELECT id, first_value(id) OVER part AS first_id, max(ends_at) OVER (PARTITION BY caregiver_id, nth) AS ends_at,
             count(*) OVER (PARTITION BY caregiver_id, nth) AS members, first_value(starts_at) OVER part AS starts_at
      FROM (SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY caregiver_id ORDER BY starts_at) AS nth
            FROM (SELECT *, starts_at >= coalesce(max(ends_at) OVER (PARTITION BY caregiver_id ORDER BY starts_at
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '-infinity') AS begins FROM shift) s) n
      WINDOW part AS (PARTITION BY caregiver_id, nth ORDER BY starts_at);
    DELETE FROM shift s USING island i WHERE s.id = i.id AND i.id <> i.first_id;
    UPDATE shift s SET ends_at = least(i.ends_at, i.starts_at + interval '48 hours')
    FROM island i WHERE s.id = i.id AND i.members > 1;
    DROP TABLE island;
  END LOOP;
  PERFORM set_config('yinling.district', '', true);
END $$;

ALTER TABLE shift
  ADD COLUMN break_from timestamptz, ADD COLUMN break_to timestamptz, ADD COLUMN break_minutes int NOT NULL DEFAULT 0,
  ADD COLUMN origin text, ADD COLUMN created_by uuid REFERENCES account, ADD COLUMN overtime_by uuid REFERENCES account,
  ADD CONSTRAINT shift_break CHECK ((break_minutes = 0) = (break_from IS NULL) AND (break_minutes = 0) = (break_to IS NULL)
    AND break_minutes >= 0 AND break_from >= starts_at AND break_to <= ends_at
    AND break_to >= break_from + make_interval(mins => break_minutes)),
  ADD CONSTRAINT shift_overlap EXCLUDE USING gist (caregiver_id WITH =, tstzrange(starts_at, ends_at) WITH &&);
COMMENT ON COLUMN shift.break_from IS 'a break of break_minutes lies somewhere between break_from and break_to';
COMMENT ON COLUMN shift.origin IS 'pattern:{id}: laid by a weekly pattern; null: by hand, a sheet or a copy';
COMMENT ON COLUMN shift.overtime_by IS 'who agreed to it although it breaks a rule of working time';

CREATE TABLE shift_pattern (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  weekdays int[] NOT NULL CHECK (cardinality(weekdays) > 0 AND weekdays <@ '{1,2,3,4,5,6,7}'),
  starts time NOT NULL,
  minutes int NOT NULL CHECK (minutes BETWEEN 1 AND 2880),
  break_after int,
  break_before int,
  break_minutes int NOT NULL DEFAULT 0 CHECK (break_minutes >= 0),
  valid_from date NOT NULL,
  valid_to date,
  laid_to date,
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  CHECK (valid_from <= valid_to),
  CHECK ((break_minutes = 0) = (break_after IS NULL) AND (break_minutes = 0) = (break_before IS NULL)
         AND break_after >= 0 AND break_before <= minutes AND break_after + break_minutes <= break_before)
);
COMMENT ON TABLE shift_pattern IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN shift_pattern.weekdays IS '1 Monday to 7 Sunday, of the local day on which the shift begins';
COMMENT ON COLUMN shift_pattern.break_after IS 'minutes after the start: the break lies between break_after and break_before';
COMMENT ON COLUMN shift_pattern.laid_to IS 'shifts have been laid to this day: a shift that was removed since does not come back';
CREATE INDEX shift_pattern_caregiver ON shift_pattern (caregiver_id);
SELECT guard_district('shift_pattern');

CREATE TABLE leave (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  kind text NOT NULL CHECK (kind IN ('annual', 'sick', 'injury', 'personal', 'maternity', 'bereavement', 'training', 'other')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '400 days'),
  state text NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'withdrawn')),
  asked_by uuid REFERENCES account,
  asked_at timestamptz NOT NULL,
  decided_by uuid REFERENCES account,
  decided_at timestamptz,
  CHECK ((state = 'asked') = (decided_at IS NULL)),
  CONSTRAINT leave_overlap EXCLUDE USING gist (caregiver_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (state IN ('asked', 'approved'))
);
COMMENT ON TABLE leave IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN leave.starts_at IS 'only approved leave keeps somebody from being sent';
CREATE INDEX leave_time ON leave (district_id, starts_at, ends_at);
SELECT guard_district('leave');

CREATE TABLE swap (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  shift_id uuid NOT NULL,
  giver_id uuid NOT NULL REFERENCES caregiver,
  taker_id uuid NOT NULL REFERENCES caregiver CHECK (taker_id <> giver_id),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('offered', 'taken', 'approved', 'refused', 'declined', 'withdrawn')),
  offered_at timestamptz NOT NULL,
  answered_at timestamptz,
  decided_by uuid REFERENCES account,
  decided_at timestamptz
);
COMMENT ON TABLE swap IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN swap.shift_id IS 'the shift that changes hands (it may be gone by now); starts_at and ends_at are as they were when it was offered';
CREATE UNIQUE INDEX swap_open ON swap (shift_id) WHERE state IN ('offered', 'taken');
CREATE INDEX swap_giver ON swap (giver_id);
CREATE INDEX swap_taker ON swap (taker_id);
SELECT guard_district('swap');

CREATE TABLE elder_wish (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  kind text NOT NULL CHECK (kind IN ('prefer', 'never', 'gender', 'language')),
  caregiver_id uuid REFERENCES caregiver,
  value text,
  is_hard boolean NOT NULL DEFAULT false,
  wished_by text NOT NULL CHECK (wished_by IN ('elder', 'family', 'staff')),
  noted_by uuid REFERENCES account,
  since date NOT NULL,
  ended_on date,
  created_at timestamptz NOT NULL,
  CHECK ((kind IN ('prefer', 'never')) = (caregiver_id IS NOT NULL) AND (kind IN ('gender', 'language')) = (value IS NOT NULL)),
  CHECK (kind <> 'gender' OR value IN ('female', 'male')),
  CHECK (ended_on >= since)
);
COMMENT ON TABLE elder_wish IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN elder_wish.is_hard IS 'of a gender or language: a condition, not a preference; never is always one';
COMMENT ON COLUMN elder_wish.ended_on IS 'the first day on which it holds no longer';
CREATE INDEX elder_wish_elder ON elder_wish (elder_id) WHERE ended_on IS NULL;
SELECT guard_district('elder_wish');

CREATE TABLE coverage (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  provider_id uuid NOT NULL REFERENCES provider,
  service text,
  region_code text NOT NULL CHECK (region_code ~ '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$'),
  response_minutes int CHECK (response_minutes > 0),
  capacity int CHECK (capacity > 0),
  valid_from date NOT NULL,
  valid_to date,
  CHECK (valid_from <= valid_to),
  CONSTRAINT coverage_once EXCLUDE USING gist (provider_id WITH =, coalesce(service, '') WITH =, region_code WITH =,
    daterange(valid_from, valid_to, '[]') WITH &&)
);
COMMENT ON TABLE coverage IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN coverage.service IS 'null: every service of its contract';
COMMENT ON COLUMN coverage.region_code IS 'this region and all below it, by the code''s beginning';
COMMENT ON COLUMN coverage.capacity IS 'visits a day at most; null: as many as its people can make';
CREATE INDEX coverage_provider ON coverage (provider_id);
SELECT guard_district('coverage');

GRANT SELECT, INSERT, UPDATE ON shift_pattern, leave, swap, elder_wish, coverage TO yinling_web, yinling_worker;
GRANT DELETE ON shift TO yinling_web, yinling_worker;
GRANT UPDATE ON provider, caregiver, shift, certificate TO yinling_web, yinling_worker;
SELECT fence_districts();
