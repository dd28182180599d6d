-- What a draft scheme would have cost; published half-year reports, which keep their figures.

CREATE TABLE what_if (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  code text NOT NULL,
  version int NOT NULL,
  name text NOT NULL,
  body text NOT NULL,
  sha256 text NOT NULL,
  first_month date NOT NULL CHECK (extract(day FROM first_month) = 1),
  months int NOT NULL CHECK (months BETWEEN 1 AND 12),
  population text NOT NULL CHECK (population IN ('enrolled', 'eligible')),
  seed bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'stopped')),
  persons int NOT NULL DEFAULT 0,
  looked_at int NOT NULL DEFAULT 0,
  after_elder uuid,
  seen_at timestamptz,
  started_by uuid NOT NULL REFERENCES account,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  result jsonb,
  error text
);
COMMENT ON TABLE what_if IS 'owner: services; retention: 5 years; a draft scheme against the real people and visits of some months';
COMMENT ON COLUMN what_if.population IS 'enrolled: who is in the scheme of this code; eligible: everybody who fulfils the conditions';
COMMENT ON COLUMN what_if.after_elder IS 'the last person looked at: a killed run goes on after them';
COMMENT ON COLUMN what_if.seen_at IS 'when whoever computes was last heard of: silent for a minute, another goes on';
CREATE INDEX what_if_newest ON what_if (district_id, id);
CREATE INDEX what_if_open ON what_if (district_id, id) WHERE state IN ('waiting', 'running');
SELECT guard_district('what_if');

CREATE TABLE what_if_person (
  what_if_id uuid NOT NULL REFERENCES what_if,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  town text NOT NULL,
  grade text NOT NULL,
  paid bigint[] NOT NULL,
  would_pay bigint[] NOT NULL,
  change numeric(12,2) NOT NULL,
  PRIMARY KEY (what_if_id, elder_id)
);
COMMENT ON TABLE what_if_person IS 'owner: services; retention: as the what-if; persons for whom anything is or would be paid';
COMMENT ON COLUMN what_if_person.paid IS 'fen by month, as it was; would_pay: under the draft';
CREATE INDEX what_if_person_change ON what_if_person (what_if_id, change, elder_id);
SELECT guard_district('what_if_person');

CREATE TABLE report (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  first_on date NOT NULL,
  last_on date NOT NULL CHECK (last_on > first_on),
  number int NOT NULL CHECK (number > 0),
  figures jsonb NOT NULL,
  sha256 text NOT NULL,
  published_by uuid NOT NULL REFERENCES account,
  published_at timestamptz NOT NULL,
  UNIQUE (district_id, first_on, last_on, number)
);
COMMENT ON TABLE report IS 'owner: services; retention: forever; a published report: its figures never change, a correction has the next number';
COMMENT ON COLUMN report.sha256 IS 'over period, number and figures as services.indicators.freezing writes them';
SELECT guard_district('report');

CREATE FUNCTION keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published report is never changed: publish it anew';
END $$;
CREATE TRIGGER report_kept BEFORE UPDATE OR DELETE ON report FOR EACH ROW EXECUTE FUNCTION keep_report();

GRANT SELECT, INSERT, UPDATE ON what_if TO yinling_worker, yinling_web;
GRANT SELECT, INSERT, DELETE ON what_if_person TO yinling_worker;
GRANT SELECT ON what_if_person TO yinling_web;
GRANT SELECT, INSERT ON report TO yinling_web;
GRANT SELECT ON report TO yinling_worker;

SELECT fence_districts();
