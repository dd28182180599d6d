-- Money paid to persons: proofs of life, deaths, monthly payment lists, payments and what the bank says of them.

CREATE TABLE life_proof (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  proven_on date NOT NULL,
  valid_to date NOT NULL,
  method text NOT NULL CHECK (method IN ('face', 'device', 'phone')),
  by_account uuid REFERENCES account,
  evidence jsonb NOT NULL DEFAULT '{}',
  recorded_at timestamptz NOT NULL,
  CHECK (valid_to >= proven_on),
  UNIQUE (elder_id, proven_on, method)
);
COMMENT ON TABLE life_proof IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN life_proof.evidence IS 'what the proof rests on, ids and codes only: {visit_id} | {device_id, thing_model, metric, at} | {called}; never a reading';
CREATE INDEX life_proof_elder ON life_proof (elder_id, valid_to);
SELECT guard_district('life_proof');

CREATE TABLE death_event (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  died_on date NOT NULL,
  source text NOT NULL CHECK (source IN ('clerk', 'family', 'hospital', 'register')),
  source_id uuid,
  state text NOT NULL CHECK (state IN ('reported', 'confirmed', 'dismissed', 'undone')),
  reported_by uuid REFERENCES account,
  reported_at timestamptz NOT NULL,
  decided_by uuid REFERENCES account,
  decided_at timestamptz,
  undone_by uuid REFERENCES account,
  undone_at timestamptz,
  reason text,
  effects jsonb NOT NULL DEFAULT '{}',
  family_until date,
  family_ended_at timestamptz,
  CHECK ((state = 'reported') = (decided_at IS NULL)),
  CHECK ((state = 'undone') = (undone_at IS NOT NULL)),
  CHECK (undone_by IS NULL OR undone_by IS DISTINCT FROM decided_by)
);
COMMENT ON TABLE death_event IS 'owner: services; retention: 10 years';
COMMENT ON COLUMN death_event.effects IS 'what the confirmation stopped, as ids: what an undoing restores';
COMMENT ON COLUMN death_event.family_until IS 'the last day on which the family sees the history';
CREATE UNIQUE INDEX death_event_live ON death_event (elder_id) WHERE state IN ('reported', 'confirmed');
CREATE INDEX death_event_waiting ON death_event (district_id, reported_at) WHERE state = 'reported';
CREATE INDEX death_event_family ON death_event (district_id, family_until) WHERE state = 'confirmed' AND family_ended_at IS NULL;
SELECT guard_district('death_event');

CREATE TABLE payee (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  holder text NOT NULL CHECK (holder <> ''),
  relation text NOT NULL CHECK (relation IN ('self', 'guardian', 'family', 'institution')),
  bank text NOT NULL,
  account_sealed bytea NOT NULL,
  account_tail text NOT NULL CHECK (length(account_tail) = 4),
  recorded_by uuid REFERENCES account,
  recorded_at timestamptz NOT NULL,
  ended_at timestamptz
);
COMMENT ON TABLE payee IS 'owner: services; retention: 10 years; the account into which a person''s allowances are paid';
COMMENT ON COLUMN payee.account_tail IS 'the last four digits, all that pages show';
CREATE UNIQUE INDEX payee_current ON payee (elder_id) WHERE ended_at IS NULL;
SELECT guard_district('payee');

CREATE TABLE allowance_list (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  scheme_code text NOT NULL,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  state text NOT NULL CHECK (state IN ('draft', 'checked', 'approved', 'issued', 'reconciled')),
  people int NOT NULL DEFAULT 0,
  done int NOT NULL DEFAULT 0,
  cursor_elder uuid,
  begun_at timestamptz,
  computed_at timestamptz,
  total numeric(14,2) NOT NULL DEFAULT 0,
  created_by uuid REFERENCES account,
  created_at timestamptz NOT NULL,
  checked_by uuid REFERENCES account,
  checked_at timestamptz,
  approved_by uuid REFERENCES account,
  approved_at timestamptz,
  issued_by uuid REFERENCES account,
  issued_at timestamptz,
  reconciled_at timestamptz,
  number bigint,
  previous_hash bytea,
  hash bytea,
  UNIQUE (district_id, scheme_code, month),
  UNIQUE (district_id, number),
  CHECK (state = 'draft' OR computed_at IS NOT NULL),
  CHECK (state = 'draft' OR checked_by IS NOT NULL),
  CHECK ((state IN ('approved', 'issued', 'reconciled')) = (approved_by IS NOT NULL)),
  CHECK (approved_by IS NULL OR (approved_by IS DISTINCT FROM checked_by AND approved_by IS DISTINCT FROM created_by)),
  CHECK ((state IN ('issued', 'reconciled')) = (hash IS NOT NULL)),
  CHECK ((hash IS NULL) = (number IS NULL) AND (hash IS NULL) = (issued_at IS NULL))
);
COMMENT ON TABLE allowance_list IS 'owner: services; retention: forever';
COMMENT ON COLUMN allowance_list.cursor_elder IS 'everybody up to this id is computed: a killed run goes on from here';
COMMENT ON COLUMN allowance_list.begun_at IS 'since when it is computed: what was recorded after that may be missing in it';
COMMENT ON COLUMN allowance_list.computed_at IS 'when everybody was; null while the run is under way';
COMMENT ON COLUMN allowance_list.hash IS 'SHA-256 over the hash before and the list with its lines in order: a chain per district, numbered from 1';
CREATE INDEX allowance_list_month ON allowance_list (district_id, month);
CREATE INDEX allowance_list_running ON allowance_list (district_id) WHERE state = 'draft' AND computed_at IS NULL;
SELECT guard_district('allowance_list');

CREATE TABLE allowance_payment (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  list_id uuid NOT NULL REFERENCES allowance_list,
  elder_id uuid NOT NULL REFERENCES elder,
  reference text NOT NULL,
  payee_id uuid REFERENCES payee,
  amount numeric(12,2) NOT NULL CHECK (amount > 0),
  state text NOT NULL CHECK (state IN ('pending', 'no_account', 'paid', 'returned')),
  reason text,
  settled_on date,
  settled_at timestamptz,
  settled_by uuid REFERENCES account,
  UNIQUE (district_id, reference),
  UNIQUE (list_id, elder_id),
  CHECK ((state IN ('paid', 'returned')) = (settled_at IS NOT NULL)),
  CHECK ((state = 'returned') = (reason IS NOT NULL)),
  CHECK ((state = 'no_account') = (payee_id IS NULL))
);
COMMENT ON TABLE allowance_payment IS 'owner: services; retention: forever; one a person and issued list';
COMMENT ON COLUMN allowance_payment.reason IS 'why the bank returned it, as a code';
CREATE INDEX allowance_payment_back ON allowance_payment (elder_id) WHERE state IN ('returned', 'no_account');
SELECT guard_district('allowance_payment');

CREATE TABLE allowance_correction (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  line_id uuid NOT NULL,
  scheme_code text NOT NULL,
  elder_id uuid NOT NULL REFERENCES elder,
  for_month date NOT NULL,
  amount numeric(12,2) NOT NULL CHECK (amount <> 0),
  reason text NOT NULL CHECK (reason IN ('overpaid', 'underpaid', 'wrong_person', 'wrong_grade', 'register_wrong', 'other')),
  note text NOT NULL DEFAULT '',
  made_by uuid NOT NULL REFERENCES account,
  made_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  withdrawn_by uuid REFERENCES account
);
COMMENT ON TABLE allowance_correction IS 'owner: services; retention: forever; becomes lines of the next list, which a second person approves';
CREATE INDEX allowance_correction_open ON allowance_correction (district_id, scheme_code, elder_id) WHERE withdrawn_at IS NULL;
SELECT guard_district('allowance_correction');

CREATE TABLE allowance_line (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  list_id uuid NOT NULL REFERENCES allowance_list,
  elder_id uuid NOT NULL REFERENCES elder,
  scheme_code text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('regular', 'arrears', 'returned', 'correction', 'overpaid')),
  for_month date NOT NULL CHECK (extract(day FROM for_month) = 1),
  amount numeric(12,2) NOT NULL,
  previous numeric(12,2),
  change text CHECK (change IN ('new', 'ended', 'changed', 'same', 'suspended', 'resumed', 'not_payable')),
  reasons text[] NOT NULL DEFAULT '{}',
  explanation jsonb NOT NULL,
  payment_id uuid REFERENCES allowance_payment,
  correction_id uuid REFERENCES allowance_correction,
  CHECK (amount >= 0 OR kind = 'correction'),
  CHECK (kind <> 'overpaid' OR amount = 0),
  CHECK ((kind = 'regular') = (change IS NOT NULL)),
  CHECK ((kind = 'returned') = (payment_id IS NOT NULL)),
  CHECK ((kind = 'correction') = (correction_id IS NOT NULL))
);
COMMENT ON TABLE allowance_line IS 'owner: services; retention: forever';
COMMENT ON COLUMN allowance_line.previous IS 'what the last month''s list paid regularly; null: the person did not stand in it';
COMMENT ON COLUMN allowance_line.explanation IS '[{"code", …figures}]: rendered in words';
COMMENT ON COLUMN allowance_line.payment_id IS 'of kind returned: the payment that came back and is sent again';
CREATE UNIQUE INDEX allowance_line_once ON allowance_line (list_id, elder_id, kind, for_month) WHERE kind IN ('regular', 'arrears', 'overpaid');
CREATE INDEX allowance_line_elder ON allowance_line (elder_id, scheme_code, for_month);
CREATE INDEX allowance_line_list ON allowance_line (list_id, elder_id, id);
CREATE UNIQUE INDEX allowance_line_payment ON allowance_line (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX allowance_line_correction ON allowance_line (correction_id) WHERE correction_id IS NOT NULL;
SELECT guard_district('allowance_line');
ALTER TABLE allowance_correction ADD FOREIGN KEY (line_id) REFERENCES allowance_line;

-- What is issued never changes: a line belongs to a draft, or it stays as it is.
CREATE FUNCTION refuse_allowance_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whose uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.list_id ELSE OLD.list_id END;
BEGIN
  IF EXISTS (SELECT FROM allowance_list WHERE id = whose AND state <> 'draft') THEN
    RAISE EXCEPTION 'the lines of an allowance list that is no draft are frozen';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER allowance_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON allowance_line
  FOR EACH ROW EXECUTE FUNCTION refuse_allowance_change();
CREATE FUNCTION refuse_issued_list_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.district_id, NEW.scheme_code, NEW.month, NEW.total, NEW.people, NEW.created_by, NEW.checked_by, NEW.approved_by,
      NEW.issued_by, NEW.issued_at, NEW.number, NEW.previous_hash, NEW.hash) IS DISTINCT FROM
     (OLD.id, OLD.district_id, OLD.scheme_code, OLD.month, OLD.total, OLD.people, OLD.created_by, OLD.checked_by, OLD.approved_by,
      OLD.issued_by, OLD.issued_at, OLD.number, OLD.previous_hash, OLD.hash)
     OR NEW.state NOT IN ('issued', 'reconciled') THEN
    RAISE EXCEPTION 'an issued allowance list is frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER allowance_list_frozen BEFORE UPDATE ON allowance_list
  FOR EACH ROW WHEN (OLD.state IN ('issued', 'reconciled')) EXECUTE FUNCTION refuse_issued_list_change();

-- Who may stand on a month's list: enrolled on any day that it looks at, paid by the last list, or with something that waits.
CREATE FUNCTION allowance_candidates(wanted text, since date, until date, of_month date) RETURNS TABLE (elder_id uuid)
LANGUAGE sql STABLE AS $$
  SELECT n.elder_id FROM enrolment n WHERE n.scheme_code = wanted AND n.valid_from <= until AND (n.valid_to IS NULL OR n.valid_to >= since)
  UNION
  SELECT a.elder_id FROM allowance_line a WHERE a.kind = 'regular' AND a.amount > 0 AND a.list_id =
    (SELECT l.id FROM allowance_list l WHERE l.scheme_code = wanted AND l.month < of_month ORDER BY l.month DESC LIMIT 1)
  UNION
  SELECT c.elder_id FROM allowance_correction c WHERE c.scheme_code = wanted AND c.withdrawn_at IS NULL
  UNION
  SELECT p.elder_id FROM allowance_payment p JOIN allowance_list l ON l.id = p.list_id AND l.scheme_code = wanted
  WHERE p.state IN ('returned', 'no_account')
$$;

CREATE VIEW allowance_list_shown WITH (security_invoker = true) AS
SELECT l.*, (SELECT s.name FROM scheme s WHERE s.code = l.scheme_code AND s.district_id = l.district_id AND s.effective_from <= l.month
             ORDER BY s.version DESC LIMIT 1) AS scheme_name,
       o.name AS created_by_name, c.name AS checked_by_name, a.name AS approved_by_name, i.name AS issued_by_name
FROM allowance_list l LEFT JOIN account o ON o.id = l.created_by LEFT JOIN account c ON c.id = l.checked_by
LEFT JOIN account a ON a.id = l.approved_by LEFT JOIN account i ON i.id = l.issued_by;

-- How a case ends when its elder has died.
ALTER TABLE care_case DROP CONSTRAINT care_case_outcome_check, ADD CONSTRAINT care_case_outcome_check CHECK (
  outcome IN ('assisted', 'reassured', 'hospital', 'police_fire', 'no_answer', 'false_alarm', 'test', 'other', 'restored', 'merged', 'died'));

GRANT SELECT, INSERT, UPDATE ON life_proof, death_event, payee, allowance_list, allowance_payment, allowance_correction, allowance_line
  TO yinling_worker, yinling_web;
GRANT DELETE ON allowance_line TO yinling_worker, yinling_web;
GRANT SELECT ON allowance_list_shown TO yinling_worker, yinling_web;
REVOKE EXECUTE ON FUNCTION allowance_candidates(text, date, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION allowance_candidates(text, date, date, date) TO yinling_worker, yinling_web;

SELECT fence_districts();
