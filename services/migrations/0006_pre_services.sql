-- Assessments, contracts' prices, schemes, entitlements, claims and statements: money is numeric(12,2), CNY.

CREATE TABLE assessment (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  rules text NOT NULL,
  items jsonb NOT NULL,
  adjustments jsonb NOT NULL DEFAULT '{}',
  score int NOT NULL CHECK (score BETWEEN 0 AND 90),
  grade text NOT NULL CHECK (grade IN ('intact', 'mild', 'moderate', 'severe', 'total')),
  explanation jsonb NOT NULL,
  reason text NOT NULL CHECK (reason IN ('first', 'routine', 'immediate', 'review', 'other')),
  assessed_on date NOT NULL,
  assessor_1 uuid NOT NULL REFERENCES account,
  assessor_2 uuid REFERENCES account,
  signed_at timestamptz,
  CHECK (assessor_1 <> assessor_2),
  CHECK ((assessor_2 IS NULL) = (signed_at IS NULL))
);
COMMENT ON TABLE assessment IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN assessment.rules IS 'version of the rule set: gbt_42195_2022';
CREATE INDEX assessment_elder ON assessment (elder_id, assessed_on);
SELECT guard_district('assessment');

CREATE TABLE contract (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  provider_id uuid NOT NULL REFERENCES provider,
  number text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  UNIQUE (district_id, number)
);
COMMENT ON TABLE contract IS 'owner: services; retention: 10 years';
SELECT guard_district('contract');

CREATE TABLE contract_price (
  contract_id uuid NOT NULL REFERENCES contract,
  district_id uuid NOT NULL REFERENCES district,
  service text NOT NULL,
  unit text NOT NULL CHECK (unit IN ('visit', 'hour', 'meal')),
  price numeric(12,2) NOT NULL CHECK (price >= 0),
  PRIMARY KEY (contract_id, service)
);
COMMENT ON TABLE contract_price IS 'owner: services; retention: 10 years';
SELECT guard_district('contract_price');

CREATE TABLE scheme (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  code text NOT NULL,
  version int NOT NULL,
  name text NOT NULL,
  scale text NOT NULL,
  effective_from date NOT NULL,
  effective_to date,
  body text NOT NULL,
  sha256 text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (district_id, code, version)
);
COMMENT ON TABLE scheme IS 'owner: services; retention: forever';
COMMENT ON COLUMN scheme.body IS 'the TOML file as signed; never edited after use, only succeeded';
SELECT guard_district('scheme');

CREATE TABLE enrolment (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  scheme_code text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  EXCLUDE USING gist (elder_id WITH =, scheme_code WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
COMMENT ON TABLE enrolment IS 'owner: services; retention: 10 years';
SELECT guard_district('enrolment');

CREATE TABLE entitlement (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  scheme_id uuid NOT NULL REFERENCES scheme,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  grade text NOT NULL,
  quota numeric(12,2) NOT NULL CHECK (quota >= 0),
  ceiling numeric(12,2) NOT NULL CHECK (ceiling >= quota),
  used numeric(12,2) NOT NULL DEFAULT 0 CHECK (used >= 0 AND used <= ceiling),
  explanation jsonb NOT NULL,
  UNIQUE (elder_id, scheme_id, month)
);
COMMENT ON TABLE entitlement IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN entitlement.grade IS 'the last grade in force within the month; a visit takes the one in force on its service date';
COMMENT ON COLUMN entitlement.ceiling IS 'the highest quota of any grade in force within the month: no grade change can pay more';
SELECT guard_district('entitlement');

CREATE TABLE statement (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  provider_id uuid NOT NULL REFERENCES provider,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  state text NOT NULL CHECK (state IN ('draft', 'checked', 'confirmed', 'disputed', 'approved', 'issued', 'reconciled')),
  created_at timestamptz NOT NULL,
  UNIQUE (provider_id, month)
);
COMMENT ON TABLE statement IS 'owner: services; retention: forever';
COMMENT ON COLUMN statement.state IS 'draft is live: its totals are the sums of its claims at any moment';
SELECT guard_district('statement');

CREATE TABLE claim (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  visit_id uuid NOT NULL UNIQUE REFERENCES visit,
  statement_id uuid NOT NULL REFERENCES statement,
  elder_id uuid NOT NULL REFERENCES elder,
  provider_id uuid NOT NULL REFERENCES provider,
  service text NOT NULL,
  service_on date NOT NULL,
  month date NOT NULL,
  units numeric(8,2) NOT NULL CHECK (units > 0),
  unit text NOT NULL,
  unit_price numeric(12,2) NOT NULL,
  amount numeric(12,2) NOT NULL,
  subsidy numeric(12,2) NOT NULL CHECK (subsidy >= 0),
  copay numeric(12,2) NOT NULL CHECK (copay >= 0),
  grade text,
  scheme_id uuid REFERENCES scheme,
  entitlement_id uuid REFERENCES entitlement,
  explanation jsonb NOT NULL,
  flags text[] NOT NULL DEFAULT '{}',
  started_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  CHECK (amount = subsidy + copay),
  CHECK (subsidy = 0 OR entitlement_id IS NOT NULL)
);
COMMENT ON TABLE claim IS 'owner: services; retention: forever';
COMMENT ON COLUMN claim.explanation IS '[{"code", …figures}]: rendered in words for a clerk to read aloud';
COMMENT ON COLUMN claim.grade IS 'in force on the service date; null only where nothing is subsidised';
COMMENT ON COLUMN claim.started_at IS 'of the visit: a month''s quota is spent in this order';
COMMENT ON COLUMN claim.flags IS 'what proof or checks found doubtful; only settlement stops a claim';
CREATE INDEX claim_statement ON claim (statement_id);
CREATE INDEX claim_entitlement ON claim (entitlement_id);
CREATE INDEX claim_elder ON claim (elder_id, month);
CREATE INDEX claim_month ON claim (district_id, month, id);
SELECT guard_district('claim');

CREATE TABLE unpriced_visit (
  visit_id uuid PRIMARY KEY REFERENCES visit,
  district_id uuid NOT NULL REFERENCES district,
  code text NOT NULL,
  detail jsonb NOT NULL,
  noticed_at timestamptz NOT NULL,
  next_try_at timestamptz NOT NULL
);
COMMENT ON TABLE unpriced_visit IS 'owner: services; retention: 10 years; verified and not priced yet: new, or with what is missing, tried again';
COMMENT ON COLUMN unpriced_visit.code IS 'new: just verified; else what is missing (no_price, no_grade, …), for a person to see';
CREATE INDEX unpriced_visit_due ON unpriced_visit (district_id, next_try_at);
SELECT guard_district('unpriced_visit');

-- A visit that becomes verified is noted here in the same transaction: the tick need not search all visits.
CREATE FUNCTION note_verified_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unpriced_visit (visit_id, district_id, code, detail, noticed_at, next_try_at)
  VALUES (NEW.id, NEW.district_id, 'new', '{}', coalesce(NEW.ended_at, NEW.window_end), 'epoch') ON CONFLICT (visit_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER visit_to_price AFTER INSERT OR UPDATE OF state ON visit FOR EACH ROW
  WHEN (NEW.state = 'verified') EXECUTE FUNCTION note_verified_visit();

-- Somebody spoke about a visit: the services look at the doubts of its claim again.
CREATE FUNCTION note_weighed_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unpriced_visit (visit_id, district_id, code, detail, noticed_at, next_try_at)
  VALUES (NEW.visit_id, NEW.district_id, 'new', '{}', NEW.decided_at, 'epoch') ON CONFLICT (visit_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER proof_to_claim AFTER UPDATE ON visit_proof FOR EACH ROW
  WHEN ((OLD.verdict, OLD.elements, OLD.witnesses) IS DISTINCT FROM (NEW.verdict, NEW.elements, NEW.witnesses))
  EXECUTE FUNCTION note_weighed_visit();

GRANT SELECT, INSERT, UPDATE ON assessment, contract, contract_price, scheme, enrolment, entitlement, statement, claim,
  unpriced_visit TO yinling_worker, yinling_web;
GRANT DELETE ON unpriced_visit TO yinling_worker;

-- Every table is there.
SELECT fence_districts();
