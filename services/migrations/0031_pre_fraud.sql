-- Was the money spent on real visits: findings of the monthly checks, seeded samples with what was found at the door.

CREATE TABLE fraud_run (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  started_at timestamptz NOT NULL,
  started_by uuid REFERENCES account,
  finished_at timestamptz,
  thresholds jsonb NOT NULL,
  visits int NOT NULL DEFAULT 0 CHECK (visits >= 0),
  found int NOT NULL DEFAULT 0 CHECK (found >= 0)
);
COMMENT ON TABLE fraud_run IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN fraud_run.started_by IS 'null: the clock';
COMMENT ON COLUMN fraud_run.thresholds IS 'all figures in force at this run: services/data/fraud.toml with the district''s own';
COMMENT ON COLUMN fraud_run.found IS 'findings of this run, whatever became of them';
CREATE INDEX fraud_run_month ON fraud_run (district_id, month, started_at);
SELECT guard_district('fraud_run');

CREATE TABLE finding (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  kind text NOT NULL CHECK (kind IN ('never_made', 'shortened', 'faked_place', 'reused_photo', 'back_filled', 'billed_away',
                                     'overlapping', 'impossible_travel', 'contradicted', 'outlier')),
  key text NOT NULL,
  is_main boolean NOT NULL,
  severity text NOT NULL CHECK (severity IN ('high', 'medium', 'low')),
  provider_id uuid REFERENCES provider,
  caregiver_id uuid REFERENCES caregiver,
  elder_id uuid REFERENCES elder,
  visit_id uuid REFERENCES visit,
  visit_ids uuid[] NOT NULL DEFAULT '{}',
  is_pair boolean NOT NULL DEFAULT false,
  score numeric(5,4) NOT NULL CHECK (score BETWEEN 0 AND 1),
  amount numeric(12,2),
  evidence jsonb NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'dismissed', 'cleared')),
  found_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  decided_by uuid REFERENCES account,
  decided_at timestamptz,
  reason text,
  note_sealed bytea,
  CHECK ((kind = 'outlier') = (visit_id IS NULL)),
  CHECK ((state IN ('confirmed', 'dismissed')) = (decided_at IS NOT NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
  UNIQUE (district_id, month, kind, key)
);
COMMENT ON TABLE finding IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN finding.key IS 'what it is about, within month and kind: the visit, or of an outlier who and which figure; a second run renews the row';
COMMENT ON COLUMN finding.is_main IS 'the kind that says most about the visit (docs/manual/audit.md); the others of the same visit stand beside it';
COMMENT ON COLUMN finding.visit_ids IS 'all visits that show it: the other one of a pair, the visit that had the photo first';
COMMENT ON COLUMN finding.is_pair IS 'of two visits one is wrong, and nobody can say which';
COMMENT ON COLUMN finding.amount IS 'what was claimed for visit_id when it was seen; null where nothing was';
COMMENT ON COLUMN finding.evidence IS '[{"code", …figures and ids}], said in words by the pages';
COMMENT ON COLUMN finding.state IS 'cleared: open, and a later run does not find it any more; what a person decided stays';
COMMENT ON COLUMN finding.seen_at IS 'the last run that found it';
CREATE INDEX finding_month ON finding (district_id, month, id);
CREATE INDEX finding_open ON finding (district_id, found_at) WHERE state = 'open';
CREATE INDEX finding_visits ON finding USING gin (visit_ids);
CREATE INDEX finding_provider ON finding (provider_id, month);
SELECT guard_district('finding');

CREATE TABLE audit_sample (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  provider_id uuid REFERENCES provider,
  statement_id uuid REFERENCES statement,
  seed text NOT NULL CHECK (seed <> ''),
  weights jsonb NOT NULL,
  population int NOT NULL CHECK (population >= 0),
  population_amount numeric(14,2) NOT NULL,
  population_hash bytea NOT NULL,
  drawn int NOT NULL CHECK (drawn BETWEEN 0 AND population),
  drawn_by uuid REFERENCES account,
  drawn_at timestamptz NOT NULL
);
COMMENT ON TABLE audit_sample IS 'owner: services; retention: forever';
COMMENT ON COLUMN audit_sample.seed IS 'with the population it gives the same sample again, whoever draws it';
COMMENT ON COLUMN audit_sample.weights IS 'how many times likelier a doubtful claim is drawn, by risk';
COMMENT ON COLUMN audit_sample.population_hash IS 'SHA-256 over (claim, amount, provider, service, risk) of every claim, in order of their ids';
COMMENT ON COLUMN audit_sample.drawn_by IS 'null: the settlement''s checks';
CREATE INDEX audit_sample_month ON audit_sample (district_id, month, id);
CREATE INDEX audit_sample_statement ON audit_sample (statement_id) WHERE statement_id IS NOT NULL;
SELECT guard_district('audit_sample');

CREATE TABLE sample_item (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  sample_id uuid NOT NULL REFERENCES audit_sample,
  claim_id uuid NOT NULL REFERENCES claim,
  position int NOT NULL CHECK (position > 0),
  amount numeric(12,2) NOT NULL,
  risk text NOT NULL CHECK (risk IN ('high', 'doubted', 'plain')),
  probability double precision NOT NULL CHECK (probability > 0 AND probability <= 1),
  method text NOT NULL CHECK (method IN ('call_back', 'home_check')),
  outcome text CHECK (outcome IN ('as_billed', 'not_made', 'shorter', 'other_service', 'goods_instead', 'signed_by_other', 'not_reached')),
  wrong_amount numeric(12,2) CHECK (wrong_amount >= 0 AND wrong_amount <= amount),
  note_sealed bytea,
  found_by uuid REFERENCES account,
  found_at timestamptz,
  UNIQUE (sample_id, claim_id),
  CHECK ((outcome IS NULL) = (found_at IS NULL) AND (found_at IS NULL) = (found_by IS NULL)),
  CHECK ((outcome IS NULL OR outcome = 'not_reached') = (wrong_amount IS NULL))
);
COMMENT ON TABLE sample_item IS 'owner: services; retention: forever';
COMMENT ON COLUMN sample_item.amount IS 'of the claim when it was drawn';
COMMENT ON COLUMN sample_item.probability IS 'how likely this claim was to be drawn: what it found counts for 1/probability claims';
COMMENT ON COLUMN sample_item.wrong_amount IS 'what of the amount was not due, as found; null while nobody was reached';
CREATE INDEX sample_item_sample ON sample_item (sample_id, position);
CREATE INDEX sample_item_claim ON sample_item (claim_id);
CREATE INDEX sample_item_open ON sample_item (district_id, sample_id) WHERE outcome IS NULL;
SELECT guard_district('sample_item');

GRANT SELECT, INSERT, UPDATE ON fraud_run, finding, audit_sample, sample_item TO yinling_web, yinling_worker;
SELECT fence_districts();
