-- Dated facts of a person that registers know: social assistance, residence, place of care, household, what else is drawn.

CREATE TABLE person_fact (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  kind text NOT NULL CHECK (kind IN ('assistance', 'residence', 'place', 'household', 'living', 'draws')),
  value text NOT NULL CHECK (value <> ''),
  slot text GENERATED ALWAYS AS (CASE WHEN kind IN ('assistance', 'draws') THEN kind || ':' || value ELSE kind END) STORED,
  valid_from date NOT NULL,
  valid_to date,
  source text NOT NULL,
  source_id uuid,
  recorded_at timestamptz NOT NULL,
  CHECK (valid_to IS NULL OR valid_to >= valid_from),
  EXCLUDE USING gist (elder_id WITH =, slot WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
COMMENT ON TABLE person_fact IS 'owner: core (written by services through core.person_facts); retention: 10 years';
COMMENT ON COLUMN person_fact.slot IS 'one value of a slot at a time; kinds of assistance and what is drawn stand beside each other';
COMMENT ON COLUMN person_fact.source IS 'which record says so: clerk, assessment, import, connector, application';
CREATE INDEX person_fact_elder ON person_fact (elder_id, kind, valid_from);
SELECT guard_district('person_fact');
GRANT SELECT, INSERT, UPDATE ON person_fact TO yinling_worker, yinling_web;

SELECT fence_districts();
