-- Settlement: claims decided, a month's run, statements through their states, frozen lines in a chain, money that came back.

ALTER TABLE claim
  ADD COLUMN state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'rejected', 'adjusted', 'approved')),
  ADD COLUMN approved numeric(12,2),
  ADD COLUMN rejections text[] NOT NULL DEFAULT '{}',
  ADD COLUMN decided_by uuid REFERENCES account,
  ADD COLUMN decided_at timestamptz,
  ADD CHECK ((state = 'open') = (approved IS NULL)),
  ADD CHECK (state <> 'rejected' OR approved = 0),
  ADD CHECK (approved BETWEEN 0 AND subsidy);
COMMENT ON COLUMN claim.subsidy IS 'what is asked of the district, as priced';
COMMENT ON COLUMN claim.state IS 'open: paid as asked; rejected, adjusted by a check or a person; approved: by a person, against a check';
COMMENT ON COLUMN claim.approved IS 'what the district pays of the subsidy asked; null: all of it';
COMMENT ON COLUMN claim.rejections IS 'codes of what stands against it, for people to act on';
-- A month's run writes a million claims: two keys hold what five held, and more (the elder is the visit's, the provider the statement's).
ALTER TABLE visit ADD CONSTRAINT visit_of_elder UNIQUE (id, elder_id, district_id);
ALTER TABLE statement ADD CONSTRAINT statement_of_provider UNIQUE (id, provider_id, district_id);
ALTER TABLE claim
  DROP CONSTRAINT claim_visit_id_fkey, DROP CONSTRAINT claim_elder_id_fkey, DROP CONSTRAINT claim_district_id_fkey,
  DROP CONSTRAINT claim_statement_id_fkey, DROP CONSTRAINT claim_provider_id_fkey,
  ADD CONSTRAINT claim_visit FOREIGN KEY (visit_id, elder_id, district_id) REFERENCES visit (id, elder_id, district_id),
  ADD CONSTRAINT claim_in_statement FOREIGN KEY (statement_id, provider_id, district_id) REFERENCES statement (id, provider_id, district_id);
CREATE INDEX claim_rejected ON claim (statement_id) WHERE rejections <> '{}';

ALTER TABLE statement
  ADD COLUMN checked_by uuid REFERENCES account,
  ADD COLUMN checked_at timestamptz,
  ADD COLUMN confirmed_by uuid REFERENCES account,
  ADD COLUMN confirmed_at timestamptz,
  ADD COLUMN approved_by uuid REFERENCES account,
  ADD COLUMN approved_at timestamptz,
  ADD COLUMN issued_by uuid REFERENCES account,
  ADD COLUMN issued_at timestamptz,
  ADD COLUMN payable numeric(14,2),
  ADD COLUMN reconciled_at timestamptz,
  ADD CHECK (approved_by IS NULL OR approved_by IS DISTINCT FROM checked_by),
  ADD CHECK (approved_by IS NULL OR approved_by IS DISTINCT FROM confirmed_by),
  ADD CHECK (state NOT IN ('issued', 'reconciled') OR payable IS NOT NULL);
COMMENT ON COLUMN statement.payable IS 'what the district pays: claims as approved and the other lines; fixed when it is issued';

CREATE TABLE statement_entry (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  statement_id uuid NOT NULL REFERENCES statement,
  at timestamptz NOT NULL,
  account_id uuid REFERENCES account,
  action text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE statement_entry IS 'owner: services; retention: forever; what happened to a statement, who and when';
CREATE INDEX statement_entry_statement ON statement_entry (statement_id, id);
SELECT guard_district('statement_entry');

CREATE TABLE statement_line (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  statement_id uuid NOT NULL REFERENCES statement,
  kind text NOT NULL CHECK (kind IN ('correction', 'penalty', 'voucher')),
  claim_id uuid REFERENCES claim,
  line_id uuid REFERENCES statement_line,
  visit_id uuid REFERENCES visit,
  amount numeric(12,2) NOT NULL CHECK (amount <> 0),
  explanation jsonb NOT NULL,
  made_by uuid REFERENCES account,
  made_at timestamptz NOT NULL,
  CHECK (kind <> 'correction' OR claim_id IS NOT NULL OR line_id IS NOT NULL),
  CHECK (kind = 'correction' OR amount < 0)
);
COMMENT ON TABLE statement_line IS 'owner: services; retention: forever; what stands beside the claims: corrections, penalties, vouchers';
COMMENT ON COLUMN statement_line.claim_id IS 'the claim that it refers to: of an earlier statement when it corrects one';
COMMENT ON COLUMN statement_line.amount IS 'added to what the district pays; a deduction is negative';
CREATE INDEX statement_line_statement ON statement_line (statement_id, id);
CREATE INDEX statement_line_claim ON statement_line (claim_id);
CREATE UNIQUE INDEX statement_line_penalty ON statement_line (visit_id) WHERE kind = 'penalty';
SELECT guard_district('statement_line');

CREATE TABLE dispute (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  statement_id uuid NOT NULL REFERENCES statement,
  claim_id uuid REFERENCES claim,
  line_id uuid REFERENCES statement_line,
  reason text NOT NULL CHECK (reason IN ('proof_exists', 'was_there', 'wrong_time', 'wrong_price', 'wrong_person', 'wrong_penalty', 'other')),
  words text NOT NULL DEFAULT '' CHECK (length(words) <= 1000),
  raised_by uuid NOT NULL REFERENCES account,
  raised_at timestamptz NOT NULL,
  outcome text CHECK (outcome IN ('upheld', 'refused')),
  answer text CHECK (length(answer) <= 1000),
  answered_by uuid REFERENCES account,
  answered_at timestamptz,
  CHECK ((claim_id IS NULL) <> (line_id IS NULL)),
  CHECK ((outcome IS NULL) = (answered_by IS NULL) AND (outcome IS NULL) = (answered_at IS NULL)),
  CHECK (answered_by <> raised_by)
);
COMMENT ON TABLE dispute IS 'owner: services; retention: forever; a provider''s appeal against one claim or line, and its answer';
CREATE UNIQUE INDEX dispute_open_claim ON dispute (claim_id) WHERE outcome IS NULL;
CREATE UNIQUE INDEX dispute_open_line ON dispute (line_id) WHERE outcome IS NULL;
CREATE INDEX dispute_statement ON dispute (statement_id);
SELECT guard_district('dispute');

CREATE TABLE statement_seal (
  district_id uuid NOT NULL REFERENCES district,
  number int NOT NULL CHECK (number > 0),
  statement_id uuid NOT NULL UNIQUE REFERENCES statement,
  body text NOT NULL,
  lines int NOT NULL,
  lines_hash bytea NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  audit_number bigint,
  audit_hash bytea,
  sealed_at timestamptz NOT NULL,
  PRIMARY KEY (district_id, number)
);
COMMENT ON TABLE statement_seal IS 'owner: services; retention: forever; the chain over issued statements of a district';
COMMENT ON COLUMN statement_seal.body IS 'provider, month and sums as one line of text; hash = sha256(previous || number || body || lines_hash)';
COMMENT ON COLUMN statement_seal.lines_hash IS 'lines in order, in blocks of 256: sha256 of the blocks'' hashes, each over the hashes of its lines';
SELECT guard_district('statement_seal');

CREATE TABLE contract_term (
  contract_id uuid PRIMARY KEY REFERENCES contract,
  district_id uuid NOT NULL REFERENCES district,
  response_minutes int CHECK (response_minutes > 0),
  late_penalty numeric(12,2) NOT NULL DEFAULT 0 CHECK (late_penalty >= 0),
  hours_most numeric(8,2) CHECK (hours_most > 0),
  hours_least numeric(8,2) CHECK (hours_least > 0),
  hours_penalty numeric(12,2) NOT NULL DEFAULT 0 CHECK (hours_penalty >= 0),
  overlap_minutes int NOT NULL DEFAULT 5 CHECK (overlap_minutes >= 0),
  set_by uuid REFERENCES account,
  set_at timestamptz NOT NULL,
  CHECK (hours_least <= hours_most)
);
COMMENT ON TABLE contract_term IS 'owner: services; retention: 10 years; what a contract promises beside its prices, and what a breach costs';
COMMENT ON COLUMN contract_term.response_minutes IS 'from the wish for an emergency visit to its check-in';
COMMENT ON COLUMN contract_term.hours_most IS 'hours of a month beyond which visits are not paid';
SELECT guard_district('contract_term');

CREATE TABLE settlement_run (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  provider_id uuid REFERENCES provider,
  step text NOT NULL CHECK (step IN ('draft', 'check')),
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  started_by uuid REFERENCES account,
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  finished_at timestamptz,
  is_laid boolean NOT NULL DEFAULT false,
  visits int NOT NULL DEFAULT 0,
  error text
);
COMMENT ON TABLE settlement_run IS 'owner: services; retention: 10 years; a month''s run: what is to be done stands in its marks';
CREATE UNIQUE INDEX settlement_run_one ON settlement_run (district_id, month) WHERE state = 'running';
CREATE INDEX settlement_run_month ON settlement_run (district_id, started_at);
SELECT guard_district('settlement_run');

CREATE TABLE settlement_mark (
  run_id uuid NOT NULL REFERENCES settlement_run,
  district_id uuid NOT NULL REFERENCES district,
  kind text NOT NULL CHECK (kind IN ('price', 'check')),
  number int NOT NULL,
  first_elder uuid,
  last_elder uuid,
  statement_id uuid REFERENCES statement,
  visits int NOT NULL DEFAULT 0,
  done_at timestamptz,
  made int NOT NULL DEFAULT 0,
  singly int NOT NULL DEFAULT 0,
  unpriced int NOT NULL DEFAULT 0,
  rejected int NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, kind, number)
);
COMMENT ON TABLE settlement_mark IS 'owner: services; retention: 2 years; one piece of a run, done in one transaction: a killed run goes on with the next';
COMMENT ON COLUMN settlement_mark.singly IS 'visits whose scheme is not plain: priced one by one';
CREATE INDEX settlement_mark_open ON settlement_mark (run_id, kind, number) WHERE done_at IS NULL;
SELECT guard_district('settlement_mark');

CREATE TABLE payment_mapping (
  district_id uuid NOT NULL REFERENCES district,
  kind text NOT NULL CHECK (kind IN ('bank', 'voucher')),
  mapping jsonb NOT NULL,
  set_by uuid REFERENCES account,
  set_at timestamptz NOT NULL,
  PRIMARY KEY (district_id, kind)
);
COMMENT ON TABLE payment_mapping IS 'owner: services; retention: forever; which column of the file is which of ours';
SELECT guard_district('payment_mapping');

CREATE TABLE payment_file (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  kind text NOT NULL CHECK (kind IN ('bank', 'voucher')),
  name text NOT NULL,
  sha256 bytea NOT NULL,
  lines int NOT NULL,
  total numeric(14,2) NOT NULL,
  imported_by uuid NOT NULL REFERENCES account,
  imported_at timestamptz NOT NULL,
  UNIQUE (district_id, sha256)
);
COMMENT ON TABLE payment_file IS 'owner: services; retention: 10 years; a file of the bank or of the voucher platform, taken as a whole';
SELECT guard_district('payment_file');

CREATE TABLE payment (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  file_id uuid NOT NULL REFERENCES payment_file,
  line int NOT NULL,
  statement_id uuid NOT NULL REFERENCES statement,
  amount numeric(14,2) NOT NULL,
  paid_on date NOT NULL,
  reference text NOT NULL,
  UNIQUE (district_id, reference)
);
COMMENT ON TABLE payment IS 'owner: services; retention: 10 years';
CREATE INDEX payment_statement ON payment (statement_id);
SELECT guard_district('payment');

CREATE TABLE voucher (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  file_id uuid NOT NULL REFERENCES payment_file,
  line int NOT NULL,
  claim_id uuid NOT NULL REFERENCES claim,
  code text NOT NULL,
  amount numeric(12,2) NOT NULL CHECK (amount > 0),
  of_copay numeric(12,2) NOT NULL CHECK (of_copay >= 0),
  of_subsidy numeric(12,2) NOT NULL CHECK (of_subsidy >= 0),
  redeemed_on date NOT NULL,
  line_id uuid REFERENCES statement_line,
  UNIQUE (district_id, code),
  CHECK (amount = of_copay + of_subsidy),
  CHECK ((line_id IS NULL) = (of_subsidy = 0))
);
COMMENT ON TABLE voucher IS 'owner: services; retention: 10 years; a voucher redeemed elsewhere for a visit of ours';
CREATE INDEX voucher_claim ON voucher (claim_id);
SELECT guard_district('voucher');

CREATE TABLE budget (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  year int NOT NULL CHECK (year BETWEEN 2000 AND 2200),
  scheme_code text,
  service text,
  ceiling numeric(14,2) NOT NULL CHECK (ceiling > 0),
  proposed_by uuid NOT NULL REFERENCES account,
  proposed_at timestamptz NOT NULL,
  signed_by uuid REFERENCES account,
  signed_at timestamptz,
  ended_at timestamptz,
  CHECK (signed_by <> proposed_by),
  CHECK ((signed_by IS NULL) = (signed_at IS NULL))
);
COMMENT ON TABLE budget IS 'owner: services; retention: forever; a ceiling for a year: of all, of a scheme, of a service, or of both';
CREATE UNIQUE INDEX budget_in_force ON budget (district_id, year, scheme_code, service) NULLS NOT DISTINCT
  WHERE signed_at IS NOT NULL AND ended_at IS NULL;
SELECT guard_district('budget');

CREATE TABLE budget_warning (
  budget_id uuid NOT NULL REFERENCES budget,
  district_id uuid NOT NULL REFERENCES district,
  level int NOT NULL CHECK (level IN (80, 95, 100)),
  spent numeric(14,2) NOT NULL,
  breaks_on date,
  warned_at timestamptz NOT NULL,
  PRIMARY KEY (budget_id, level)
);
COMMENT ON TABLE budget_warning IS 'owner: services; retention: forever; said once a level';
SELECT guard_district('budget_warning');

-- The running use of a quota, visit after visit: u' = max(u, min(u + amount, quota)); a quota may change on the way.
CREATE FUNCTION spend_step(state numeric, before numeric, amount numeric, quota numeric) RETURNS numeric
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF state IS NULL THEN state := before; END IF;
  RETURN greatest(state, least(state + amount, quota));
END $$;
CREATE AGGREGATE spent(before numeric, amount numeric, quota numeric) (SFUNC = spend_step, STYPE = numeric, PARALLEL = SAFE);

-- A UUIDv7 of an instant, for rows made by the hundred thousand (PostgreSQL 17 has none of its own).
CREATE FUNCTION uuid_at(ms bigint) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
  RETURN encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send(ms) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid;

-- A line as it is hashed: its figures, then the explanation; the manual lists them in this order.
CREATE FUNCTION claim_text(c claim) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN
  'claim|' || c.id || '|' || c.visit_id || '|' || c.elder_id || '|' || c.provider_id || '|' || c.service || '|' || c.service_on || '|' || c.units
  || '|' || c.unit || '|' || c.unit_price || '|' || c.amount || '|' || c.subsidy || '|' || c.copay || '|' || coalesce(c.approved, c.subsidy)
  || '|' || c.state || '|' || coalesce(c.grade, '') || '|' || coalesce(c.scheme_id::text, '') || '|' || array_to_string(c.rejections, ',')
  || '|' || array_to_string(c.flags, ',') || '|' || c.explanation::text;
CREATE FUNCTION line_text(l statement_line) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN
  'line|' || l.id || '|' || l.kind || '|' || coalesce(l.claim_id::text, '') || '|' || coalesce(l.line_id::text, '') || '|'
  || coalesce(l.visit_id::text, '') || '|' || l.amount || '|' || l.explanation::text;

-- What is issued never changes: not a claim, not a line, not the statement; nothing joins it, nothing leaves it.
CREATE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched uuid[];
BEGIN
  IF TG_OP <> 'DELETE' THEN
    SELECT array_agg(DISTINCT statement_id) INTO touched FROM after_rows;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    SELECT touched || array_agg(DISTINCT statement_id) INTO touched FROM before_rows;
  END IF;
  IF EXISTS (SELECT FROM statement s WHERE s.state IN ('issued', 'reconciled') AND s.id = ANY (touched)) THEN
    RAISE EXCEPTION 'an issued statement takes no change of its lines' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER claim_joins AFTER INSERT ON claim REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_frozen();
CREATE TRIGGER claim_changes AFTER UPDATE ON claim REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_frozen();
CREATE TRIGGER claim_leaves AFTER DELETE ON claim REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_frozen();
CREATE TRIGGER line_joins AFTER INSERT ON statement_line REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_frozen();
CREATE TRIGGER line_changes AFTER UPDATE ON statement_line REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_frozen();
CREATE TRIGGER line_leaves AFTER DELETE ON statement_line REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_frozen();

CREATE FUNCTION refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a statement is never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state IN ('issued', 'reconciled') AND (to_jsonb(OLD) - '{state,reconciled_at}'::text[] <> to_jsonb(NEW) - '{state,reconciled_at}'::text[]
      OR NEW.state <> 'reconciled') THEN
    RAISE EXCEPTION 'an issued statement never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'draft' AND NEW.state = 'draft' THEN
    RAISE EXCEPTION 'a statement is never opened again' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER statement_stays BEFORE UPDATE OR DELETE ON statement FOR EACH ROW EXECUTE FUNCTION refuse_reopening();

CREATE FUNCTION refuse_unsealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a seal never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER seal_stays BEFORE UPDATE OR DELETE ON statement_seal FOR EACH ROW EXECUTE FUNCTION refuse_unsealing();

GRANT SELECT, INSERT ON statement_entry, statement_seal, payment, payment_file, voucher, budget_warning TO yinling_worker, yinling_web;
GRANT SELECT, INSERT, UPDATE ON statement_line, dispute, contract_term, settlement_run, settlement_mark, payment_mapping, budget
  TO yinling_worker, yinling_web;
GRANT DELETE ON settlement_mark TO yinling_worker;

SELECT fence_districts();
