-- Emergencies: who was asked and what they said, who helps whom out, and what the book of routes must read again.

CREATE TABLE visit_offer (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  visit_id uuid NOT NULL REFERENCES visit,
  caregiver_id uuid NOT NULL REFERENCES caregiver,
  ring int NOT NULL CHECK (ring BETWEEN 1 AND 3),
  state text NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'timed_out', 'taken', 'withdrawn')),
  eta_min double precision,
  distance_km double precision,
  offered_at timestamptz NOT NULL,
  answer_by timestamptz NOT NULL,
  answered_at timestamptz,
  reason text,
  taken_by uuid REFERENCES caregiver,
  CHECK ((state = 'open') = (answered_at IS NULL)),
  CHECK ((state = 'taken') = (taken_by IS NOT NULL))
);
COMMENT ON TABLE visit_offer IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN visit_offer.ring IS '1 the nearest, 2 the whole provider, 3 neighbouring providers by agreement';
COMMENT ON COLUMN visit_offer.taken_by IS 'who was faster, when several were asked';
-- Never two people on one emergency, never one person asked for two at once.
CREATE UNIQUE INDEX visit_offer_accepted ON visit_offer (visit_id) WHERE state = 'accepted';
CREATE UNIQUE INDEX visit_offer_asked ON visit_offer (caregiver_id) WHERE state = 'open';
CREATE INDEX visit_offer_visit ON visit_offer (visit_id, offered_at);
CREATE INDEX visit_offer_due ON visit_offer (district_id, answer_by) WHERE state = 'open';
SELECT guard_district('visit_offer');

ALTER TABLE visit ADD COLUMN alarmed_at timestamptz, ADD COLUMN retry_at timestamptz;
COMMENT ON COLUMN visit.alarmed_at IS 'of an emergency: when operators and duty manager were told that nobody has taken it in time';
COMMENT ON COLUMN visit.retry_at IS 'of an emergency that nobody can take: when it is tried again';
CREATE INDEX visit_retry ON visit (district_id, retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX visit_day ON visit (district_id, window_start) WHERE state IN ('offered', 'accepted', 'en_route', 'in_progress');

CREATE TABLE provider_agreement (
  district_id uuid NOT NULL REFERENCES district,
  provider_id uuid NOT NULL REFERENCES provider,
  neighbour_id uuid NOT NULL REFERENCES provider CHECK (neighbour_id <> provider_id),
  valid_from date NOT NULL,
  valid_to date,
  agreed_by uuid REFERENCES account,
  PRIMARY KEY (provider_id, neighbour_id, valid_from),
  CHECK (valid_from <= valid_to)
);
COMMENT ON TABLE provider_agreement IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN provider_agreement.neighbour_id IS 'whose people go to an emergency of provider_id when its own cannot';
SELECT guard_district('provider_agreement');

-- What has changed since a book was last read: by transaction, because a commit may come later than its rows' numbers say.
CREATE TABLE book_change (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  district_id uuid NOT NULL REFERENCES district,
  visit_id uuid,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE book_change IS 'owner: dispatch; retention: two days';
COMMENT ON COLUMN book_change.visit_id IS 'null: something about the people (who works, when, with what certificate, which wish)';
CREATE INDEX book_change_xid ON book_change (district_id, xid);
CREATE INDEX book_change_noted ON book_change (noted_at);
SELECT guard_district('book_change');

CREATE FUNCTION note_visits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO book_change (district_id, visit_id) SELECT district_id, id FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER visit_made AFTER INSERT ON visit REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_visits();
CREATE TRIGGER visit_changed AFTER UPDATE ON visit REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_visits();

CREATE FUNCTION note_companions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO book_change (district_id, visit_id) SELECT district_id, visit_id FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER companion_made AFTER INSERT ON visit_companion REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_companions();
CREATE TRIGGER companion_changed AFTER UPDATE ON visit_companion REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_companions();
CREATE TRIGGER companion_gone AFTER DELETE ON visit_companion REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_companions();

CREATE FUNCTION note_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO book_change (district_id) SELECT DISTINCT district_id FROM changed;
  RETURN NULL;
END $$;
DO $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['provider', 'caregiver', 'certificate', 'shift', 'leave', 'elder_wish', 'coverage'] LOOP
    EXECUTE format('CREATE TRIGGER book_made AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION note_people()', one);
    EXECUTE format('CREATE TRIGGER book_changed AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION note_people()', one);
    EXECUTE format('CREATE TRIGGER book_gone AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION note_people()', one);
  END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE ON visit_offer, provider_agreement TO yinling_web, yinling_worker;
GRANT DELETE ON provider_agreement TO yinling_web, yinling_worker;
GRANT SELECT, INSERT ON book_change TO yinling_web, yinling_worker;
GRANT DELETE ON book_change TO yinling_worker;
SELECT fence_districts();
