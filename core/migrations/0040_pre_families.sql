-- Families come in: consents (dated, withdrawn, never rewritten), rights of a relative, invitations, codes to a phone.

CREATE TABLE consent (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid REFERENCES elder,
  family_member_id uuid REFERENCES family_member,
  item text NOT NULL CHECK (item IN ('vitals', 'location', 'recording', 'photo', 'share_visits', 'share_bills', 'sms', 'voice', 'push')),
  given_by uuid,
  given_as text NOT NULL CHECK (given_as IN ('elder', 'guardian', 'member')),
  how text NOT NULL CHECK (how IN ('paper', 'voice', 'in_person', 'online', 'earlier')),
  given_at timestamptz NOT NULL,
  recorded_by uuid REFERENCES account,
  recorded_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  withdrawn_as text CHECK (withdrawn_as IN ('elder', 'guardian', 'member', 'office')),
  withdrawn_how text CHECK (withdrawn_how IN ('paper', 'voice', 'in_person', 'online')),
  reason text CHECK (reason IN ('changed_mind', 'not_understood', 'family_matter', 'no_longer_needed', 'guardian_decides', 'died', 'other')),
  withdrawn_by uuid REFERENCES account,
  CHECK (num_nonnulls(elder_id, family_member_id) = 1),
  CHECK ((family_member_id IS NULL) = (given_as <> 'member')),
  CHECK (family_member_id IS NULL OR item IN ('sms', 'voice', 'push')),
  CHECK (given_as <> 'guardian' OR given_by IS NOT NULL),
  CHECK (given_at <= recorded_at),
  CHECK (num_nonnulls(withdrawn_at, withdrawn_as, withdrawn_how, reason) IN (0, 4)),
  CHECK (withdrawn_at IS NULL OR withdrawn_at >= given_at)
);
COMMENT ON TABLE consent IS 'owner: core; retention: 3 years after it was withdrawn or the person left (PIPL: proof that it was given)';
COMMENT ON COLUMN consent.given_by IS 'the elder, who holds the guardianship (guardianship_member), or the relative for the own phone';
COMMENT ON COLUMN consent.given_at IS 'when it was said or signed; recorded_at is when it was written down here';
COMMENT ON COLUMN consent.how IS 'earlier: carried over from the one consent that a bond had before version 0040';
CREATE UNIQUE INDEX consent_in_force ON consent (coalesce(elder_id, family_member_id), item) WHERE withdrawn_at IS NULL;
CREATE INDEX consent_elder ON consent (elder_id, item, given_at);
SELECT guard_district('consent');
GRANT SELECT, INSERT ON consent TO yinling_web, yinling_worker;
GRANT UPDATE (withdrawn_at, withdrawn_as, withdrawn_how, reason, withdrawn_by) ON consent TO yinling_web, yinling_worker;

-- A consent is withdrawn once, and nothing else of it ever changes.
CREATE FUNCTION refuse_consent_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
     AND (to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_as', 'withdrawn_how', 'reason', 'withdrawn_by'])
       = (to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_as', 'withdrawn_how', 'reason', 'withdrawn_by']) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a consent is only withdrawn, never rewritten';
END $$;
CREATE TRIGGER consent_withdrawn_once BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION refuse_consent_change();

-- Who is a relative so far may do what they could; of what is sensitive nothing is seen until it is consented to.
ALTER TABLE family_bond ADD COLUMN rights text[] NOT NULL DEFAULT '{alerts,vitals,location,visits,bills,order}'
  CHECK (rights <@ '{alerts,vitals,location,visits,bills,order,decide}'::text[]);
ALTER TABLE family_bond ALTER COLUMN rights SET DEFAULT '{}';
ALTER TABLE family_bond ADD COLUMN can_decide boolean NOT NULL GENERATED ALWAYS AS ('decide' = ANY(rights)) STORED;
COMMENT ON COLUMN family_bond.rights IS 'what this relative may see and do; vitals, location, visits and bills also need the elder''s consent';

-- Visits and bills were shown under the bond's own consent; heart rate and place are asked for anew (PIPL art. 29).
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT id FROM district LOOP
    PERFORM set_config('yinling.district', one.id::text, true);
    INSERT INTO consent (id, district_id, elder_id, item, given_by, given_as, how, given_at, recorded_at)
    SELECT gen_random_uuid(), b.district_id, b.elder_id, i.item, b.elder_id, 'elder', 'earlier', min(b.consented_at), min(b.consented_at)
    FROM family_bond b CROSS JOIN (VALUES ('share_visits'), ('share_bills')) AS i (item)
    WHERE b.consented_at IS NOT NULL AND b.ended_at IS NULL GROUP BY b.district_id, b.elder_id, i.item;
  END LOOP;
  PERFORM set_config('yinling.district', '', true);
END $$;

CREATE TABLE invitation (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  name text NOT NULL CHECK (name <> ''),
  phone_sealed bytea NOT NULL,
  phone_index bytea NOT NULL,
  shares_phone boolean NOT NULL DEFAULT false,
  relation text NOT NULL,
  priority int NOT NULL CHECK (priority BETWEEN 1 AND 20),
  rights text[] NOT NULL CHECK (rights <@ '{alerts,vitals,location,visits,bills,order,decide}'::text[]),
  wished_by text NOT NULL CHECK (wished_by IN ('office', 'elder')),
  wished_how text NOT NULL CHECK (wished_how IN ('counter', 'visit', 'phone')),
  call_id uuid,
  consented_as text NOT NULL CHECK (consented_as IN ('elder', 'guardian')),
  consented_by uuid NOT NULL,
  consented_how text NOT NULL CHECK (consented_how IN ('paper', 'voice', 'in_person')),
  consented_at timestamptz NOT NULL,
  invited_by uuid NOT NULL REFERENCES account,
  created_at timestamptz NOT NULL,
  turn int NOT NULL DEFAULT 1,
  expires_at timestamptz NOT NULL,
  tries int NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'proven', 'joined', 'locked', 'revoked')),
  ticket_hash bytea,
  proven_at timestamptz,
  family_member_id uuid REFERENCES family_member,
  ended_at timestamptz,
  CHECK (consented_at <= created_at),
  CHECK ((state = 'joined') = (family_member_id IS NOT NULL))
);
COMMENT ON TABLE invitation IS 'owner: core; retention: 1 year after it ended or expired';
COMMENT ON COLUMN invitation.turn IS 'the code is made from id, turn and the installation''s key and kept nowhere; a new turn is a new code';
COMMENT ON COLUMN invitation.call_id IS 'the recorded call in which the elder asked for it (phone_call), if it was by phone';
CREATE UNIQUE INDEX invitation_open ON invitation (elder_id, phone_index) WHERE state IN ('open', 'proven', 'locked') AND NOT shares_phone;
CREATE INDEX invitation_phone ON invitation (phone_index);
CREATE INDEX invitation_elder ON invitation (elder_id, created_at);
SELECT guard_district('invitation');
GRANT SELECT, INSERT, UPDATE ON invitation TO yinling_web;
GRANT SELECT, DELETE ON invitation TO yinling_worker;

CREATE TABLE login_code (
  id uuid PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('login', 'move')),
  phone_index bytea NOT NULL,
  in_district uuid NOT NULL,
  member_id uuid,
  phone_sealed bytea NOT NULL,
  language text NOT NULL,
  address text NOT NULL,
  browser_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  tries int NOT NULL DEFAULT 0,
  told_at timestamptz,
  proven_at timestamptz,
  used_at timestamptz,
  CHECK (purpose = 'login' OR member_id IS NOT NULL)
);
COMMENT ON TABLE login_code IS 'owner: core; retention: 1 day; asked before the district is known, so not under its guard';
COMMENT ON COLUMN login_code.phone_index IS 'blind index of the installation: who reads it learns no number, and equal numbers count together';
COMMENT ON COLUMN login_code.in_district IS 'whose budget it counts against; of a number that nobody has, a district drawn from the number';
COMMENT ON COLUMN login_code.member_id IS 'to whom it is told; null: the number is unknown here, and only the database knows that';
CREATE UNIQUE INDEX login_code_browser ON login_code (browser_hash);
CREATE INDEX login_code_recent ON login_code (created_at);
CREATE INDEX login_code_waiting ON login_code (created_at) WHERE told_at IS NULL AND member_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON login_code TO yinling_web;
GRANT SELECT, UPDATE, DELETE ON login_code TO yinling_worker;

ALTER TABLE session ADD COLUMN agent text NOT NULL DEFAULT '' CHECK (length(agent) <= 60);
COMMENT ON COLUMN session.agent IS 'browser and system as coarse codes (wechat/android), so that a person knows the own devices';

-- Before the district is known: whose phone it is, and which invitations wait for it. Asked with one index a district.
CREATE INDEX family_member_phone ON family_member (phone_index);
CREATE POLICY definer ON family_member FOR SELECT TO yinling_owner USING (true);
CREATE POLICY definer ON invitation FOR SELECT TO yinling_owner USING (true);
CREATE FUNCTION accounts_for_phone(wanted bytea[])
RETURNS TABLE (account_id uuid, district_id uuid, district_name text, name text, language text, family_member_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.district_id, d.name, a.name, a.language, m.id
  FROM family_member m JOIN account a ON a.family_member_id = m.id AND a.district_id = m.district_id JOIN district d ON d.id = m.district_id
  WHERE m.phone_index = ANY(wanted) AND a.role = 'family' AND a.disabled_at IS NULL ORDER BY d.code, a.id
$$;
CREATE FUNCTION invitations_for_phone(wanted bytea[])
RETURNS TABLE (id uuid, district_id uuid, state text, turn int, tries int, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, district_id, state, turn, tries, expires_at FROM invitation
  WHERE phone_index = ANY(wanted) AND state IN ('open', 'proven', 'locked') ORDER BY created_at, id
$$;
CREATE FUNCTION invitation_for_ticket(wanted bytea)
RETURNS TABLE (id uuid, district_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, district_id FROM invitation WHERE ticket_hash = wanted AND state = 'proven'
$$;
REVOKE EXECUTE ON FUNCTION accounts_for_phone(bytea[]), invitations_for_phone(bytea[]), invitation_for_ticket(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_for_phone(bytea[]), invitations_for_phone(bytea[]), invitation_for_ticket(bytea) TO yinling_web;

SELECT fence_districts();
