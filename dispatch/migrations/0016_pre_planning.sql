-- Planned days: what a visit asks of its day, who else comes, and the plans that were made of it.

ALTER TABLE visit
  ADD COLUMN planned_start timestamptz, ADD COLUMN planned_end timestamptz, ADD COLUMN promised_at timestamptz,
  ADD COLUMN windows jsonb NOT NULL DEFAULT '[]', ADD COLUMN movable_from date, ADD COLUMN movable_to date,
  ADD COLUMN is_optional boolean NOT NULL DEFAULT false, ADD COLUMN is_pinned boolean NOT NULL DEFAULT false,
  ADD COLUMN staff int NOT NULL DEFAULT 1 CHECK (staff IN (1, 2)),
  ADD COLUMN follows_id uuid REFERENCES visit, ADD COLUMN follows_min int, ADD COLUMN follows_max int,
  ADD COLUMN held_reason text, ADD COLUMN origin text,
  ADD CHECK ((follows_id IS NULL) = (follows_min IS NULL) AND (follows_id IS NULL) = (follows_max IS NULL)),
  ADD CHECK (follows_min <= follows_max), ADD CHECK (follows_id <> id),
  ADD CHECK ((planned_start IS NULL) = (planned_end IS NULL) AND planned_start < planned_end),
  ADD CHECK ((movable_from IS NULL) = (movable_to IS NULL) AND movable_from <= movable_to);
COMMENT ON COLUMN visit.planned_start IS 'when the accepted plan has it begin; window_start and window_end are what was asked for';
COMMENT ON COLUMN visit.promised_at IS 'since when elder, family and caregiver have been told: to change it breaks a promise';
COMMENT ON COLUMN visit.windows IS 'further windows of the same day, [{"from": timestamptz, "to": timestamptz}], beside the first';
COMMENT ON COLUMN visit.movable_from IS 'a movable visit may be planned on any day from here to movable_to';
COMMENT ON COLUMN visit.staff IS 'how many must come together; the second is visit_companion';
COMMENT ON COLUMN visit.follows_min IS 'minutes, start to start, at least after the visit that it follows';
COMMENT ON COLUMN visit.is_pinned IS 'a manager fixed who and when: the planner leaves it';
COMMENT ON COLUMN visit.held_reason IS 'set: wanted but not planned (quota used up, in hospital); null: free to plan. Never of an emergency';
COMMENT ON COLUMN visit.origin IS 'what wanted it, once: care_plan_item:{id}:{date}:{nth}, order:{id}, call_on:{id}:{date}';
CREATE UNIQUE INDEX visit_origin ON visit (district_id, origin) WHERE origin IS NOT NULL;
CREATE INDEX visit_follows ON visit (follows_id) WHERE follows_id IS NOT NULL;

CREATE TABLE visit_companion (
  visit_id uuid PRIMARY KEY REFERENCES visit,
  district_id uuid NOT NULL REFERENCES district,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  offered_at timestamptz NOT NULL,
  accepted_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  check_in jsonb,
  check_out jsonb
);
COMMENT ON TABLE visit_companion IS 'owner: dispatch; retention: 10 years';
CREATE INDEX visit_companion_caregiver ON visit_companion (caregiver_id);
SELECT guard_district('visit_companion');

CREATE TABLE plan (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  "on" date NOT NULL,
  provider_id uuid REFERENCES provider,
  state text NOT NULL CHECK (state IN ('computing', 'ready', 'accepted', 'discarded', 'failed')),
  cause text NOT NULL CHECK (cause IN ('nightly', 'by_hand', 'repair', 'drag')),
  trigger jsonb NOT NULL DEFAULT '{}',
  seed bigint NOT NULL,
  seconds double precision NOT NULL,
  cost jsonb,
  progress jsonb NOT NULL DEFAULT '{}',
  broken jsonb NOT NULL DEFAULT '[]',
  breaks jsonb NOT NULL DEFAULT '[]',
  left_out jsonb NOT NULL DEFAULT '[]',
  reason jsonb,
  taken_at timestamptz,
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  accepted_by uuid REFERENCES account,
  accepted_at timestamptz,
  CHECK ((state = 'accepted') = (accepted_at IS NOT NULL))
);
COMMENT ON TABLE plan IS 'owner: dispatch; retention: 2 years';
COMMENT ON COLUMN plan.provider_id IS 'null: of the whole district';
COMMENT ON COLUMN plan.trigger IS 'of a repair: {"kind": "cancelled|sick|late|emergency|drag", …}';
COMMENT ON COLUMN plan.cost IS 'components and total as the search and as the evaluator price them';
COMMENT ON COLUMN plan.progress IS '{"elapsed_s", "best", "unserved", "at"}: best so far, which can be accepted while it computes';
COMMENT ON COLUMN plan.broken IS 'promises that accepting breaks: [{"visit_id", "code": "time|caregiver|dropped", …numbers}]';
COMMENT ON COLUMN plan.breaks IS 'when and where the plan has people rest: [{"caregiver_id", "starts_at", "ends_at", "visit_id"}]';
COMMENT ON COLUMN plan.left_out IS 'visits that no longer held when it was accepted, or that nobody could plan: [{"visit_id", "code", …}]';
COMMENT ON COLUMN plan.reason IS 'why it failed: {"code", …}';
COMMENT ON COLUMN plan.taken_at IS 'the last sign of the process that computes it: an old one means that it died, and another takes it';
CREATE INDEX plan_day ON plan (district_id, "on", created_at);
CREATE INDEX plan_waiting ON plan (district_id, created_at) WHERE state = 'computing';
SELECT guard_district('plan');

CREATE TABLE plan_item (
  plan_id uuid NOT NULL REFERENCES plan,
  visit_id uuid NOT NULL REFERENCES visit,
  seat int NOT NULL DEFAULT 0 CHECK (seat IN (0, 1)),
  district_id uuid NOT NULL REFERENCES district,
  caregiver_id uuid REFERENCES caregiver,
  position int,
  starts_at timestamptz,
  ends_at timestamptz,
  travel_s int,
  wait_s int,
  why jsonb NOT NULL,
  PRIMARY KEY (plan_id, visit_id, seat),
  CHECK ((caregiver_id IS NULL) = (starts_at IS NULL))
);
COMMENT ON TABLE plan_item IS 'owner: dispatch; retention: 2 years';
COMMENT ON COLUMN plan_item.seat IS '0 who leads the visit, 1 who comes along';
COMMENT ON COLUMN plan_item.caregiver_id IS 'null: nobody, and why says why nobody';
CREATE INDEX plan_item_caregiver ON plan_item (caregiver_id, starts_at);
SELECT guard_district('plan_item');

-- A visit as people see it, with its plan and who comes along.
CREATE OR REPLACE VIEW visit_shown WITH (security_invoker = true) AS
SELECT v.id, v.district_id, v.elder_id, e.name AS elder_name, e.gender AS elder_gender, e.born_on, e.conditions,
       v.care_bed_id, h.id AS home_id, h.lat, h.lon, v.case_id, v.service, v.priority, v.state, v.window_start, v.window_end,
       v.minutes, v.provider_id, o.name AS provider_name, v.caregiver_id, p.name AS caregiver_name, v.why, v.funding, v.wanted_at,
       v.offered_at, v.accepted_at, v.started_at, v.ended_at, v.record, v.check_in, v.check_out,
       f.verdict, f.elements, f.witnesses, f.decided_at,
       v.planned_start, v.planned_end, v.promised_at, v.windows, v.movable_from, v.movable_to, v.is_optional, v.is_pinned, v.staff,
       v.follows_id, v.follows_min, v.follows_max, v.held_reason, v.origin,
       w.caregiver_id AS companion_id, q.name AS companion_name
FROM visit v
JOIN elder e ON e.id = v.elder_id
LEFT JOIN care_bed b ON b.id = v.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id)
LEFT JOIN provider o ON o.id = v.provider_id
LEFT JOIN caregiver p ON p.id = v.caregiver_id
LEFT JOIN visit_proof f ON f.visit_id = v.id
LEFT JOIN visit_companion w ON w.visit_id = v.id
LEFT JOIN caregiver q ON q.id = w.caregiver_id;

GRANT SELECT, INSERT, UPDATE ON visit_companion, plan, plan_item TO yinling_web, yinling_worker;
GRANT DELETE ON visit_companion, plan_item, plan TO yinling_web, yinling_worker;
SELECT fence_districts();
