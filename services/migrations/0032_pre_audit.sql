-- The auditor's desk: what was bought, added up beside the claims; complaints with their deadlines.

CREATE TABLE purchase_tally (
  district_id uuid NOT NULL REFERENCES district,
  month date NOT NULL,
  provider_id uuid NOT NULL REFERENCES provider,
  town text NOT NULL,
  service text NOT NULL,
  grade text NOT NULL,
  scheme_id uuid REFERENCES scheme,
  claims int NOT NULL,
  units numeric(14,2) NOT NULL,
  amount numeric(14,2) NOT NULL,
  subsidy numeric(14,2) NOT NULL,
  copay numeric(14,2) NOT NULL,
  approved numeric(14,2) NOT NULL,
  flagged int NOT NULL
);
COMMENT ON TABLE purchase_tally IS 'owner: services; retention: as the claims; their sums, made anew by a tick for each provider and month that changed';
COMMENT ON COLUMN purchase_tally.month IS 'of the statement';
COMMENT ON COLUMN purchase_tally.town IS 'nine digits, of the home as it was when this was added up; empty: not known';
COMMENT ON COLUMN purchase_tally.grade IS 'in force on the service date; empty: none';
CREATE INDEX purchase_tally_month ON purchase_tally (district_id, month, provider_id);
SELECT guard_district('purchase_tally');

CREATE TABLE purchase_touch (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  provider_id uuid NOT NULL REFERENCES provider,
  month date NOT NULL
);
COMMENT ON TABLE purchase_touch IS 'owner: services; retention: until the next tick; which sums are stale, one row a statement that changed claims';
CREATE INDEX purchase_touch_what ON purchase_touch (district_id, provider_id, month);
SELECT guard_district('purchase_touch');

-- Rows without a key: nobody waits for anybody who writes claims at the same time.
CREATE FUNCTION touch_purchases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO purchase_touch (district_id, provider_id, month) SELECT DISTINCT district_id, provider_id, month FROM after_rows;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO purchase_touch (district_id, provider_id, month)
    SELECT DISTINCT district_id, provider_id, month FROM before_rows;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER claim_bought AFTER INSERT ON claim REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_purchases();
CREATE TRIGGER claim_rebought AFTER UPDATE ON claim REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION touch_purchases();
CREATE TRIGGER claim_unbought AFTER DELETE ON claim REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION touch_purchases();

-- Claims from before these sums.
DO $$
DECLARE one uuid;
BEGIN
  FOR one IN SELECT id FROM district LOOP
    PERFORM set_config('yinling.district', one::text, true);
    INSERT INTO purchase_touch (district_id, provider_id, month) SELECT DISTINCT district_id, provider_id, month FROM claim;
  END LOOP;
  PERFORM set_config('yinling.district', '', true);
END $$;

-- What was bought, right at any moment: the kept sums, and where they are stale the claims themselves.
CREATE VIEW purchase WITH (security_invoker = true) AS
SELECT t.month, t.provider_id, t.town, t.service, t.grade, t.scheme_id, t.claims::bigint AS claims, t.units, t.amount, t.subsidy,
       t.copay, t.approved, t.flagged::bigint AS flagged
FROM purchase_tally t
WHERE NOT EXISTS (SELECT FROM purchase_touch u WHERE u.provider_id = t.provider_id AND u.month = t.month)
UNION ALL
SELECT c.month, c.provider_id, coalesce(left(h.region_code, 9), ''), c.service, coalesce(c.grade, ''), c.scheme_id, count(*),
       sum(c.units), sum(c.amount), sum(c.subsidy), sum(c.copay), sum(coalesce(c.approved, c.subsidy)),
       count(*) FILTER (WHERE c.flags <> '{}')
FROM (SELECT DISTINCT provider_id, month FROM purchase_touch) u
JOIN statement s ON s.provider_id = u.provider_id AND s.month = u.month
JOIN claim c ON c.statement_id = s.id JOIN elder e ON e.id = c.elder_id JOIN home h ON h.id = e.home_id
GROUP BY 1, 2, 3, 4, 5, 6;

CREATE TABLE complaint (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  source text NOT NULL CHECK (source IN ('hotline', 'family', 'phone', 'letter')),
  number text CHECK (number <> ''),
  kind text NOT NULL CHECK (kind IN ('not_made', 'late', 'short', 'manner', 'quality', 'charge', 'safety', 'other')),
  urgency text NOT NULL CHECK (urgency IN ('urgent', 'ordinary', 'complex')),
  elder_id uuid REFERENCES elder,
  provider_id uuid REFERENCES provider,
  visit_id uuid REFERENCES visit,
  text_sealed bytea NOT NULL,
  contact_sealed bytea,
  received_at timestamptz NOT NULL,
  received_by uuid REFERENCES account,
  due_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'assigned', 'answered', 'closed')),
  assigned_at timestamptz,
  answer_sealed bytea,
  answered_at timestamptz,
  answered_by uuid REFERENCES account,
  outcome text CHECK (outcome IN ('upheld', 'partly', 'unfounded', 'withdrawn')),
  is_satisfied boolean,
  closed_at timestamptz,
  closed_by uuid REFERENCES account,
  level int NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 3),
  escalate_at timestamptz,
  CHECK ((state = 'closed') = (outcome IS NOT NULL) AND (outcome IS NULL) = (closed_at IS NULL)),
  CHECK ((answered_at IS NULL) = (answered_by IS NULL)),
  CHECK (state NOT IN ('assigned', 'answered') OR provider_id IS NOT NULL),
  CHECK (closed_by <> answered_by)
);
COMMENT ON TABLE complaint IS 'owner: services; retention: 5 years after it was closed';
COMMENT ON COLUMN complaint.source IS 'hotline: 12345, with its own order number';
COMMENT ON COLUMN complaint.due_at IS 'until when it must be answered: days by urgency, a setting of the district';
COMMENT ON COLUMN complaint.level IS 'how far it was escalated: 1 due, 2 a day later, 3 three days later';
COMMENT ON COLUMN complaint.escalate_at IS 'when the next step is due; null: answered, closed, or said to everybody';
CREATE UNIQUE INDEX complaint_number ON complaint (district_id, source, number);
CREATE INDEX complaint_open ON complaint (district_id, due_at) WHERE state <> 'closed';
CREATE INDEX complaint_newest ON complaint (district_id, id);
CREATE INDEX complaint_provider ON complaint (provider_id, received_at);
CREATE INDEX complaint_visit ON complaint (visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX complaint_escalate ON complaint (district_id, escalate_at) WHERE escalate_at IS NOT NULL;
SELECT guard_district('complaint');

CREATE TABLE complaint_entry (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  complaint_id uuid NOT NULL REFERENCES complaint,
  at timestamptz NOT NULL,
  account_id uuid REFERENCES account,
  action text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  note_sealed bytea
);
COMMENT ON TABLE complaint_entry IS 'owner: services; retention: 5 years after the complaint was closed';
COMMENT ON COLUMN complaint_entry.account_id IS 'null: the clock';
CREATE INDEX complaint_entry_complaint ON complaint_entry (complaint_id, id);
SELECT guard_district('complaint_entry');

GRANT SELECT, INSERT, DELETE ON purchase_tally TO yinling_worker, yinling_web;
GRANT SELECT, INSERT ON purchase_touch TO yinling_worker, yinling_web;
GRANT DELETE ON purchase_touch TO yinling_worker, yinling_web;
GRANT SELECT ON purchase TO yinling_worker, yinling_web;
GRANT SELECT, INSERT, UPDATE ON complaint TO yinling_worker, yinling_web;
GRANT SELECT, INSERT ON complaint_entry TO yinling_worker, yinling_web;
SELECT fence_districts();
