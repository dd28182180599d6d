-- Places with capacity and hours, meals that are eaten there or delivered, and calling on people without money.

CREATE TABLE place (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  kind text NOT NULL CHECK (kind IN ('institution', 'day_care', 'meal_point', 'centre')),
  tier text CHECK (tier IN ('county', 'town', 'community')),
  name text NOT NULL CHECK (name <> ''),
  capacity int NOT NULL CHECK (capacity >= 0),
  hours jsonb NOT NULL DEFAULT '{}',
  has_kitchen boolean NOT NULL DEFAULT false,
  provider_id uuid REFERENCES provider,
  parent_id uuid REFERENCES place,
  region_code text REFERENCES region,
  address text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '',
  lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
  lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
  opened_on date NOT NULL,
  closed_on date,
  created_at timestamptz NOT NULL,
  CHECK ((kind = 'centre') = (tier IS NOT NULL)),
  CHECK (closed_on > opened_on),
  CHECK (parent_id <> id)
);
COMMENT ON TABLE place IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN place.tier IS 'of a centre: county guidance, town guidance, community';
COMMENT ON COLUMN place.capacity IS 'people at a time: beds, seats or meals';
COMMENT ON COLUMN place.hours IS '{"1": [["08:00", "17:30"]]}: local opening hours by weekday, 1 Monday; a day that is not there is closed';
COMMENT ON COLUMN place.provider_id IS 'who runs it; null: the district itself';
COMMENT ON COLUMN place.parent_id IS 'the centre of the tier above that guides it';
COMMENT ON COLUMN place.closed_on IS 'the first day on which it is no more';
CREATE INDEX place_kind ON place (district_id, kind);
SELECT guard_district('place');

CREATE TABLE meal (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  place_id uuid NOT NULL REFERENCES place,
  "on" date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('breakfast', 'lunch', 'dinner')),
  menu text NOT NULL DEFAULT '',
  portions int NOT NULL CHECK (portions > 0),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  cooked_at timestamptz,
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  UNIQUE (place_id, "on", kind)
);
COMMENT ON TABLE meal IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN meal.starts_at IS 'when eating begins; cooked_at: when it left the fire, from which its time to the last door counts';
CREATE INDEX meal_day ON meal (district_id, "on");
SELECT guard_district('meal');

CREATE TABLE meal_batch (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  meal_id uuid NOT NULL REFERENCES meal,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  leaves_at timestamptz NOT NULL,
  capacity int NOT NULL CHECK (capacity > 0),
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  UNIQUE (meal_id, caregiver_id, leaves_at)
);
COMMENT ON TABLE meal_batch IS 'owner: dispatch; retention: 10 years; one box on one route of several doors';
SELECT guard_district('meal_batch');

CREATE TABLE meal_serving (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  meal_id uuid NOT NULL REFERENCES meal,
  elder_id uuid NOT NULL REFERENCES elder,
  "on" date NOT NULL,
  kind text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('eat_in', 'deliver')),
  funding text NOT NULL DEFAULT 'subsidy' CHECK (funding IN ('subsidy', 'private', 'none')),
  ordered_at timestamptz NOT NULL,
  ordered_by uuid REFERENCES account,
  cancelled_at timestamptz,
  served_at timestamptz,
  served_how text CHECK (served_how IN ('code', 'staff', 'visit')),
  served_by uuid REFERENCES account,
  visit_id uuid UNIQUE REFERENCES visit,
  batch_id uuid REFERENCES meal_batch,
  position int,
  CHECK ((served_at IS NULL) = (served_how IS NULL)),
  CHECK ((batch_id IS NULL) = (position IS NULL))
);
COMMENT ON TABLE meal_serving IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN meal_serving.served_how IS 'code: the elder''s code was shown at the place; staff: a person vouches; visit: see the visit that delivered it';
CREATE UNIQUE INDEX meal_serving_once ON meal_serving (elder_id, "on", kind) WHERE cancelled_at IS NULL;
CREATE INDEX meal_serving_meal ON meal_serving (meal_id);
SELECT guard_district('meal_serving');

CREATE TABLE meal_card (
  elder_id uuid PRIMARY KEY REFERENCES elder,
  district_id uuid NOT NULL REFERENCES district,
  code_sealed bytea NOT NULL,
  code_index bytea NOT NULL,
  made_at timestamptz NOT NULL,
  UNIQUE (district_id, code_index)
);
COMMENT ON TABLE meal_card IS 'owner: dispatch; retention: as the elder; six digits that the elder or the family shows at a meal point';
SELECT guard_district('meal_card');

CREATE TABLE caller (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  name text NOT NULL CHECK (name <> ''),
  role text NOT NULL CHECK (role IN ('grid_worker', 'official', 'village_doctor', 'volunteer')),
  grid text NOT NULL DEFAULT '',
  region_code text REFERENCES region,
  phone_sealed bytea,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
COMMENT ON TABLE caller IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN caller.role IS 'not a provider''s caregiver: nobody plans, certifies or pays them';
COMMENT ON COLUMN caller.grid IS 'code of the grid cell that is theirs';
SELECT guard_district('caller');

CREATE TABLE call_on_duty (
  elder_id uuid PRIMARY KEY REFERENCES elder,
  district_id uuid NOT NULL REFERENCES district,
  category text NOT NULL CHECK (category IN ('left_behind', 'alone', 'high_age', 'hardship')),
  caller_id uuid REFERENCES caller,
  every_days int CHECK (every_days BETWEEN 1 AND 366),
  since date NOT NULL,
  ended_on date
);
COMMENT ON TABLE call_on_duty IS 'owner: dispatch; retention: 10 years; who is to be called on, and by whom';
COMMENT ON COLUMN call_on_duty.every_days IS 'null: as the district''s setting says for the category';
CREATE INDEX call_on_duty_caller ON call_on_duty (caller_id);
SELECT guard_district('call_on_duty');

CREATE TABLE call_on (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  caller_id uuid NOT NULL REFERENCES caller,
  at timestamptz NOT NULL,
  how text NOT NULL CHECK (how IN ('in_person', 'phone')),
  outcome text NOT NULL CHECK (outcome IN ('well', 'needs_help', 'not_met', 'away', 'refused')),
  note text NOT NULL DEFAULT '',
  recorded_by uuid NOT NULL REFERENCES account,
  recorded_at timestamptz NOT NULL,
  UNIQUE (elder_id, caller_id, at)
);
COMMENT ON TABLE call_on IS 'owner: dispatch; retention: 10 years; a visit without money: no claim can arise, it is no row of visit';
COMMENT ON COLUMN call_on.outcome IS 'not_met: nobody opened, so the person is still to be called on';
CREATE INDEX call_on_elder ON call_on (elder_id, at);
CREATE INDEX call_on_newest ON call_on (district_id, at);
SELECT guard_district('call_on');

GRANT SELECT, INSERT, UPDATE ON place, meal, meal_batch, meal_serving, meal_card, caller, call_on_duty, call_on TO yinling_web, yinling_worker;
SELECT fence_districts();
