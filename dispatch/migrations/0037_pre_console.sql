-- The operator's seat: who looks at a case, whose console is open, cases given to a colleague.

CREATE TABLE case_watcher (
  case_id uuid NOT NULL REFERENCES care_case,
  account_id uuid NOT NULL REFERENCES account,
  district_id uuid NOT NULL REFERENCES district,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (case_id, account_id)
);
COMMENT ON TABLE case_watcher IS 'owner: dispatch; retention: 45 seconds after the case was last on somebody''s screen';
COMMENT ON COLUMN case_watcher.seen_at IS 'said every 15 seconds while the case is open in a visible window';
CREATE INDEX case_watcher_seen ON case_watcher (district_id, seen_at);
SELECT guard_district('case_watcher');

CREATE TABLE operator_seen (
  account_id uuid PRIMARY KEY REFERENCES account,
  district_id uuid NOT NULL REFERENCES district,
  seen_at timestamptz NOT NULL
);
COMMENT ON TABLE operator_seen IS 'owner: dispatch; retention: the last one only';
COMMENT ON COLUMN operator_seen.seen_at IS 'a console of this account was open then; said every 15 seconds';
SELECT guard_district('operator_seen');

CREATE TABLE case_transfer (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  case_id uuid NOT NULL REFERENCES care_case,
  kind text NOT NULL CHECK (kind IN ('transfer', 'hand_over')),
  from_account uuid NOT NULL REFERENCES account,
  to_account uuid REFERENCES account,
  reason text NOT NULL,
  note text,
  state text NOT NULL CHECK (state IN ('offered', 'accepted', 'declined', 'returned', 'withdrawn', 'void')),
  offered_at timestamptz NOT NULL,
  answer_by timestamptz NOT NULL CHECK (answer_by > offered_at),
  answered_at timestamptz,
  answered_by uuid REFERENCES account,
  CHECK ((state = 'offered') = (answered_at IS NULL))
);
COMMENT ON TABLE case_transfer IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN case_transfer.to_account IS 'null: whichever duty manager is first';
COMMENT ON COLUMN case_transfer.state IS 'returned: nobody took it in time; void: the case ended or changed hands meanwhile';
CREATE UNIQUE INDEX case_transfer_one ON case_transfer (case_id) WHERE state = 'offered';
CREATE INDEX case_transfer_due ON case_transfer (district_id, answer_by) WHERE state = 'offered';
SELECT guard_district('case_transfer');

ALTER TABLE care_case ADD COLUMN away_told_at timestamptz;
COMMENT ON COLUMN care_case.away_told_at IS 'when the duty managers were told that who has the case is at no console';
CREATE INDEX care_case_owner ON care_case (claimed_by) WHERE claimed_by IS NOT NULL AND state <> 'closed';

GRANT SELECT, INSERT, UPDATE, DELETE ON case_watcher, operator_seen TO yinling_web;
GRANT SELECT, INSERT, UPDATE ON case_transfer TO yinling_web;
GRANT SELECT, DELETE ON case_watcher, operator_seen TO yinling_worker;
GRANT SELECT, UPDATE ON case_transfer TO yinling_worker;

SELECT fence_districts();
