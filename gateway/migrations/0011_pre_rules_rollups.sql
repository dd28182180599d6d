-- Proposed changes of alarm rules that a person decides, who set a rule, and readings by the hour and by the day.

ALTER TABLE alarm_rule ADD COLUMN created_at timestamptz;
ALTER TABLE alarm_rule ADD COLUMN created_by uuid REFERENCES account;
COMMENT ON COLUMN alarm_rule.created_at IS 'null: set before this was kept';
CREATE INDEX alarm_rule_of ON alarm_rule (district_id, rule, elder_id);

CREATE TABLE rule_proposal (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid REFERENCES elder,
  rule text NOT NULL,
  params jsonb NOT NULL,
  effect jsonb NOT NULL,
  state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'rejected')),
  proposed_at timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by uuid REFERENCES account,
  alarm_rule_id uuid REFERENCES alarm_rule,
  CHECK ((state = 'proposed') = (decided_at IS NULL)),
  CHECK ((state = 'approved') = (alarm_rule_id IS NOT NULL))
);
COMMENT ON TABLE rule_proposal IS 'owner: gateway; retention: 10 years';
COMMENT ON COLUMN rule_proposal.elder_id IS 'null: for the whole district';
COMMENT ON COLUMN rule_proposal.params IS 'the parameters as they would be';
COMMENT ON COLUMN rule_proposal.effect IS 'what a replay of stored days says: alarms per person-day before and after, which go, which real ones would be lost';
CREATE INDEX rule_proposal_state ON rule_proposal (district_id, state, id);
CREATE UNIQUE INDEX rule_proposal_open ON rule_proposal (district_id, rule, coalesce(elder_id, '00000000-0000-0000-0000-000000000000'))
  WHERE state = 'proposed';
SELECT guard_district('rule_proposal');
GRANT SELECT, INSERT, UPDATE ON rule_proposal TO yinling_web;
-- The command line proposes as the gateway, which alone may read what was stored; it decides nothing.
GRANT SELECT, INSERT, DELETE ON rule_proposal TO yinling_gateway;

-- Readings by the hour (UTC) and by the day (local), as functions of the readings alone: whatever came late, or twice
-- through the job, the same rows stand here.
CREATE TABLE ingest.reading_hour (
  device_no bigint NOT NULL,
  metric smallint NOT NULL,
  hour timestamptz NOT NULL,
  low double precision,
  high double precision,
  mean double precision,
  count int NOT NULL,
  last double precision NOT NULL,
  last_at timestamptz NOT NULL,
  true_s real,
  changes int,
  PRIMARY KEY (device_no, metric, hour)
);
COMMENT ON TABLE ingest.reading_hour IS 'owner: gateway; retention: 5 years';
COMMENT ON COLUMN ingest.reading_hour.count IS '0: nothing was said, but what was true before still was';
COMMENT ON COLUMN ingest.reading_hour.true_s IS 'of a boolean: seconds true; what was true is believed for 24 hours';
COMMENT ON COLUMN ingest.reading_hour.changes IS 'of a boolean: how often it changed';
CREATE INDEX reading_hour_old ON ingest.reading_hour USING brin (hour);

CREATE TABLE ingest.reading_day (
  device_no bigint NOT NULL,
  metric smallint NOT NULL,
  day date NOT NULL,
  low double precision,
  high double precision,
  mean double precision,
  count int NOT NULL,
  last double precision NOT NULL,
  true_s real,
  changes int,
  PRIMARY KEY (device_no, metric, day)
);
COMMENT ON TABLE ingest.reading_day IS 'owner: gateway; retention: 10 years';

-- Hours to be rolled (again). Rows are only ever added and taken away: two that name one hour cost nothing, and one that is
-- taken away was added by a transaction whose readings are visible to whoever takes it.
CREATE TABLE ingest.rollup_due (
  device_no bigint NOT NULL,
  hour timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON TABLE ingest.rollup_due IS 'owner: gateway; retention: until the hour is rolled';
CREATE INDEX rollup_due_hour ON ingest.rollup_due (hour, device_no);

CREATE TABLE ingest.rollup_mark (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  until timestamptz NOT NULL
);
COMMENT ON TABLE ingest.rollup_mark IS 'owner: gateway; retention: forever';
COMMENT ON COLUMN ingest.rollup_mark.until IS 'every hour before it has been put on the list of hours to be rolled';
GRANT SELECT, INSERT, UPDATE, DELETE ON ingest.reading_hour, ingest.reading_day, ingest.rollup_due, ingest.rollup_mark TO yinling_gateway;

CREATE FUNCTION rollups_hourly(devices uuid[], since timestamptz, until timestamptz, most int)
RETURNS TABLE (device_id uuid, metric text, hour timestamptz, low double precision, high double precision, mean double precision,
               count int, last double precision, true_s real, changes int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.id, m.name, r.hour, r.low, r.high, r.mean, r.count, r.last, r.true_s, r.changes
  FROM device d JOIN ingest.reading_hour r ON r.device_no = d.no JOIN ingest.metric m ON m.id = r.metric
  WHERE d.id = ANY (devices) AND d.district_id = current_district() AND r.hour >= since AND r.hour < until
  ORDER BY r.hour, d.id, m.name LIMIT most
$$;
CREATE FUNCTION rollups_daily(devices uuid[], since date, until date, most int)
RETURNS TABLE (device_id uuid, metric text, day date, low double precision, high double precision, mean double precision,
               count int, last double precision, true_s real, changes int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.id, m.name, r.day, r.low, r.high, r.mean, r.count, r.last, r.true_s, r.changes
  FROM device d JOIN ingest.reading_day r ON r.device_no = d.no JOIN ingest.metric m ON m.id = r.metric
  WHERE d.id = ANY (devices) AND d.district_id = current_district() AND r.day >= since AND r.day < until
  ORDER BY r.day, d.id, m.name LIMIT most
$$;
REVOKE EXECUTE ON FUNCTION rollups_hourly(uuid[], timestamptz, timestamptz, int), rollups_daily(uuid[], date, date, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rollups_hourly(uuid[], timestamptz, timestamptz, int), rollups_daily(uuid[], date, date, int)
  TO yinling_web, yinling_worker;

SELECT fence_districts();
