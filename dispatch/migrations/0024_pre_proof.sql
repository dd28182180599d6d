-- What proves a visit: who is late and who was told; corrections by two people; when nobody listened.

CREATE TABLE visit_notice (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  visit_id uuid NOT NULL REFERENCES visit,
  caregiver_id uuid REFERENCES caregiver,
  kind text NOT NULL CHECK (kind IN ('late', 'overdue')),
  level int NOT NULL CHECK (level BETWEEN 1 AND 3),
  due_at timestamptz NOT NULL,
  minutes int NOT NULL,
  noticed_at timestamptz NOT NULL,
  cleared_at timestamptz,
  cleared_by text CHECK (cleared_by IN ('came', 'came_in_time', 'left', 'left_in_time', 'changed', 'missed')),
  CHECK ((cleared_at IS NULL) = (cleared_by IS NULL))
);
COMMENT ON TABLE visit_notice IS 'owner: dispatch; retention: 2 years';
COMMENT ON COLUMN visit_notice.kind IS 'late: no check-in; overdue: no check-out';
COMMENT ON COLUMN visit_notice.level IS '1 the caregiver is told, 2 their manager and the call centre, 3 the rest of the day is repaired and the family told';
COMMENT ON COLUMN visit_notice.due_at IS 'when it should have begun or ended; a visit that is moved may be late again';
COMMENT ON COLUMN visit_notice.minutes IS 'the threshold that was passed';
COMMENT ON COLUMN visit_notice.cleared_by IS 'came_in_time, left_in_time: a phone without network tells later that nobody was late';
CREATE UNIQUE INDEX visit_notice_once ON visit_notice (visit_id, kind, due_at, level);
CREATE INDEX visit_notice_open ON visit_notice (district_id, noticed_at) WHERE cleared_at IS NULL;
SELECT guard_district('visit_notice');

CREATE TABLE visit_correction (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  visit_id uuid NOT NULL REFERENCES visit,
  reason text NOT NULL,
  note_sealed bytea,
  before jsonb NOT NULL,
  wanted jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('asked', 'approved', 'refused')),
  asked_by uuid NOT NULL REFERENCES account,
  asked_at timestamptz NOT NULL,
  decided_by uuid REFERENCES account,
  decided_at timestamptz,
  CHECK ((state = 'asked') = (decided_at IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  CHECK (decided_by <> asked_by)
);
COMMENT ON TABLE visit_correction IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN visit_correction.before IS 'what stood there when it was asked for: {started_at, ended_at, record}, only what is to change';
COMMENT ON COLUMN visit_correction.wanted IS 'what shall stand there: the same fields';
CREATE UNIQUE INDEX visit_correction_open ON visit_correction (visit_id) WHERE state = 'asked';
CREATE INDEX visit_correction_visit ON visit_correction (visit_id, asked_at);
CREATE INDEX visit_correction_waiting ON visit_correction (district_id, asked_at) WHERE state = 'asked';
SELECT guard_district('visit_correction');

CREATE INDEX visit_caregiver_started ON visit (caregiver_id, started_at) WHERE started_at IS NOT NULL;
CREATE INDEX visit_ended ON visit (district_id, ended_at) WHERE ended_at IS NOT NULL;

-- When nobody listened: silence of that time is nobody's but ours, whoever weighs it.
CREATE FUNCTION deaf_between(since timestamptz, until timestamptz, asked_at timestamptz, shortest interval)
RETURNS TABLE (from_at timestamptz, to_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.from_at, d.to_at FROM ingest.deaf d WHERE current_district() IS NOT NULL AND d.from_at < until AND d.to_at > since
  UNION ALL SELECT l.at, asked_at FROM ingest.listening l WHERE current_district() IS NOT NULL AND asked_at - l.at > shortest AND l.at < until ORDER BY from_at
$$;
REVOKE EXECUTE ON FUNCTION deaf_between(timestamptz, timestamptz, timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION deaf_between(timestamptz, timestamptz, timestamptz, interval) TO yinling_web, yinling_worker, yinling_gateway;

GRANT SELECT, INSERT, UPDATE ON visit_notice, visit_correction TO yinling_web, yinling_worker;
GRANT DELETE ON visit_notice TO yinling_worker;
SELECT fence_districts();
