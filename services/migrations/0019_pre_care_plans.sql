-- Care plans that want visits weeks ahead, and orders of single ones.

CREATE TABLE care_plan (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  version int NOT NULL CHECK (version > 0),
  state text NOT NULL CHECK (state IN ('draft', 'approved', 'replaced', 'ended', 'discarded')),
  assessment_id uuid REFERENCES assessment,
  goals text NOT NULL DEFAULT '',
  valid_from date NOT NULL,
  valid_to date,
  agreed_by text,
  agreed_on date,
  created_by uuid NOT NULL REFERENCES account,
  created_at timestamptz NOT NULL,
  approved_by uuid REFERENCES account,
  approved_at timestamptz,
  ended_reason text,
  UNIQUE (elder_id, version),
  CHECK (valid_to >= valid_from),
  CHECK ((agreed_by IS NULL) = (agreed_on IS NULL)),
  CHECK (state IN ('draft', 'discarded') OR (approved_at IS NOT NULL AND agreed_by IS NOT NULL)),
  CONSTRAINT care_plan_overlap EXCLUDE USING gist (elder_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
    WHERE (state IN ('approved', 'ended'))
);
COMMENT ON TABLE care_plan IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN care_plan.state IS 'approved: in force within its days; replaced: never came into force, a later version took its place; ended: broken off';
COMMENT ON COLUMN care_plan.agreed_by IS 'who signed for the elder: self, or the family member or guardian by name';
CREATE INDEX care_plan_elder ON care_plan (elder_id, version);
CREATE UNIQUE INDEX care_plan_one_draft ON care_plan (elder_id) WHERE state = 'draft';
SELECT guard_district('care_plan');

CREATE TABLE care_plan_item (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  service text NOT NULL,
  rrule text NOT NULL,
  starts_on date NOT NULL,
  except_on date[] NOT NULL DEFAULT '{}',
  also_on date[] NOT NULL DEFAULT '{}',
  holiday text NOT NULL CHECK (holiday IN ('as_usual', 'skip', 'before', 'after')),
  working_days_only boolean NOT NULL DEFAULT false,
  windows jsonb NOT NULL,
  each_window boolean NOT NULL DEFAULT false,
  minutes int NOT NULL CHECK (minutes > 0),
  staff int CHECK (staff IN (1, 2)),
  provider_id uuid REFERENCES provider,
  funding text NOT NULL CHECK (funding IN ('subsidy', 'private', 'none')),
  within_quota boolean NOT NULL DEFAULT false,
  is_optional boolean NOT NULL DEFAULT false,
  is_movable boolean NOT NULL DEFAULT false,
  follows_id uuid REFERENCES care_plan_item,
  follows_min int,
  follows_max int,
  replaces_id uuid REFERENCES care_plan_item,
  created_at timestamptz NOT NULL,
  CHECK ((follows_id IS NULL) = (follows_min IS NULL) AND (follows_id IS NULL) = (follows_max IS NULL) AND follows_min <= follows_max),
  CHECK (follows_id <> id)
);
COMMENT ON TABLE care_plan_item IS 'owner: services; retention: 10 years; never changed: a changed item is a new one that replaces it, an unchanged one stands in the next version too';
COMMENT ON COLUMN care_plan_item.rrule IS 'RFC 5545 RRULE of local days; starts_on is its DTSTART, also_on its RDATE, except_on its EXDATE';
COMMENT ON COLUMN care_plan_item.windows IS '[{"from": "09:00", "to": "10:30"}] local; each_window: a visit in each of them, else one in any of them';
COMMENT ON COLUMN care_plan_item.staff IS 'null: as the service and the grade of the day ask for';
COMMENT ON COLUMN care_plan_item.provider_id IS 'null: the provider of the care bed';
COMMENT ON COLUMN care_plan_item.within_quota IS 'held when the month''s quota is used up, whatever the district decides';
COMMENT ON COLUMN care_plan_item.follows_min IS 'minutes from the start of the visit that it follows, at least and at most';
CREATE INDEX care_plan_item_elder ON care_plan_item (elder_id);
SELECT guard_district('care_plan_item');

CREATE TABLE care_plan_line (
  plan_id uuid NOT NULL REFERENCES care_plan,
  item_id uuid NOT NULL REFERENCES care_plan_item,
  district_id uuid NOT NULL REFERENCES district,
  position int NOT NULL,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (plan_id, item_id)
);
COMMENT ON TABLE care_plan_line IS 'owner: services; retention: 10 years; which items a version holds, in which order';
SELECT guard_district('care_plan_line');

CREATE TABLE care_plan_horizon (
  elder_id uuid PRIMARY KEY REFERENCES elder,
  district_id uuid NOT NULL REFERENCES district,
  looked_on date NOT NULL,
  wanted_until date,
  is_touched boolean NOT NULL DEFAULT true,
  failed text
);
COMMENT ON TABLE care_plan_horizon IS 'owner: services; retention: as the elder';
COMMENT ON COLUMN care_plan_horizon.is_touched IS 'something changed (a plan, an absence, a death): look again at once; otherwise once a day';
COMMENT ON COLUMN care_plan_horizon.failed IS 'why the last look failed: it must not hold up the others';
CREATE INDEX care_plan_horizon_touched ON care_plan_horizon (district_id) WHERE is_touched;
CREATE INDEX care_plan_horizon_due ON care_plan_horizon (district_id, looked_on);
SELECT guard_district('care_plan_horizon');

-- An absence or a death is a fact of core: whoever writes it, the visits ahead are looked at again.
CREATE FUNCTION touch_horizon() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE care_plan_horizon SET is_touched = true WHERE elder_id = NEW.elder_id AND NOT is_touched;
  RETURN NULL;
END $$;
CREATE TRIGGER absence_to_horizon AFTER INSERT OR UPDATE ON absence FOR EACH ROW EXECUTE FUNCTION touch_horizon();
CREATE FUNCTION touch_horizon_of_dead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE care_plan_horizon SET is_touched = true WHERE elder_id = NEW.id AND NOT is_touched;
  RETURN NULL;
END $$;
CREATE TRIGGER death_to_horizon AFTER UPDATE OF died_on ON elder FOR EACH ROW
  WHEN (OLD.died_on IS DISTINCT FROM NEW.died_on) EXECUTE FUNCTION touch_horizon_of_dead();
-- A grade decides how many must come.
CREATE TRIGGER grade_to_horizon AFTER INSERT OR UPDATE ON grade FOR EACH ROW EXECUTE FUNCTION touch_horizon();

CREATE TABLE care_order (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  visit_id uuid NOT NULL UNIQUE REFERENCES visit,
  ordered_by uuid NOT NULL REFERENCES account,
  ordered_at timestamptz NOT NULL,
  note text NOT NULL DEFAULT '',
  cancelled_at timestamptz,
  cancelled_by uuid REFERENCES account,
  cancelled_reason text,
  rating int CHECK (rating BETWEEN 1 AND 5),
  review text,
  reviewed_at timestamptz,
  reviewed_by uuid REFERENCES account,
  called_back_at timestamptz,
  called_back_by uuid REFERENCES account,
  call_back jsonb,
  CHECK ((rating IS NULL) = (reviewed_at IS NULL)),
  CHECK ((called_back_at IS NULL) = (call_back IS NULL))
);
COMMENT ON TABLE care_order IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN care_order.call_back IS '{"satisfied": bool, "note": text}: somebody of the office asked the elder afterwards';
CREATE INDEX care_order_elder ON care_order (elder_id, id);
CREATE INDEX care_order_newest ON care_order (district_id, id);
SELECT guard_district('care_order');

-- An order with the state that follows from its visit.
CREATE VIEW order_shown WITH (security_invoker = true) AS
SELECT o.id, o.district_id, o.elder_id, e.name AS elder_name, o.visit_id, o.ordered_by, a.name AS ordered_by_name,
       a.role AS ordered_by_role, o.ordered_at, o.note, o.cancelled_reason, o.rating, o.review, o.reviewed_at, o.called_back_at,
       o.call_back, v.service, v.window_start, v.window_end, v.minutes, v.funding, v.provider_id, p.name AS provider_name,
       v.caregiver_id, c.name AS caregiver_name, v.planned_start, v.started_at, v.ended_at, v.held_reason, v.state AS visit_state,
       CASE WHEN v.state = 'cancelled' THEN 'cancelled'
            WHEN o.called_back_at IS NOT NULL THEN 'called_back'
            WHEN o.reviewed_at IS NOT NULL THEN 'reviewed'
            WHEN v.state IN ('completed', 'verified') THEN 'completed'
            WHEN v.state = 'in_progress' THEN 'in_service'
            WHEN v.state IN ('missed', 'reassigned') OR v.state = 'wanted' AND EXISTS (
              SELECT FROM visit_entry t WHERE t.visit_id = v.id AND t.action = 'decline') THEN 'to_reassign'
            ELSE 'not_started' END AS state
FROM care_order o JOIN visit v ON v.id = o.visit_id JOIN elder e ON e.id = o.elder_id JOIN account a ON a.id = o.ordered_by
LEFT JOIN provider p ON p.id = v.provider_id LEFT JOIN caregiver c ON c.id = v.caregiver_id;

-- What nobody pays for is never priced.
CREATE OR REPLACE FUNCTION note_verified_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.funding = 'none' THEN RETURN NULL; END IF;
  INSERT INTO unpriced_visit (visit_id, district_id, code, detail, noticed_at, next_try_at)
  VALUES (NEW.id, NEW.district_id, 'new', '{}', coalesce(NEW.ended_at, NEW.window_end), 'epoch') ON CONFLICT (visit_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION note_weighed_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unpriced_visit (visit_id, district_id, code, detail, noticed_at, next_try_at)
  SELECT NEW.visit_id, NEW.district_id, 'new', '{}', NEW.decided_at, 'epoch' FROM visit v
  WHERE v.id = NEW.visit_id AND v.funding <> 'none' ON CONFLICT (visit_id) DO NOTHING;
  RETURN NULL;
END $$;

ALTER TABLE visit DROP CONSTRAINT visit_funding_check, ADD CONSTRAINT visit_funding_check CHECK (funding IN ('subsidy', 'private', 'none'));
COMMENT ON COLUMN visit.funding IS 'none: without money (calling on somebody): no claim ever arises';

GRANT SELECT, INSERT, UPDATE ON care_plan, care_plan_item, care_plan_horizon, care_order TO yinling_web, yinling_worker;
GRANT SELECT, INSERT, DELETE ON care_plan_line TO yinling_web, yinling_worker;
GRANT SELECT ON order_shown TO yinling_web, yinling_worker;
SELECT fence_districts();
