-- People, accounts, dated facts, the event feed and the audit log.
-- Guards (DESIGN §2): every table with a district is under forced row-level security. Roles are made by deploy.bootstrap.
-- Every table's comment names its owner and its retention; a test holds it.

CREATE SCHEMA ingest;
GRANT USAGE ON SCHEMA public TO yinling_gateway, yinling_worker, yinling_web;
GRANT USAGE ON SCHEMA ingest TO yinling_gateway;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE FUNCTION current_district() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('yinling.district', true), '')::uuid $$;

-- Put a table under the guard: rows of the current district only, for every role, the owner included.
CREATE FUNCTION guard_district(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY district ON %s USING (district_id = current_district()) WITH CHECK (district_id = current_district())', target);
END $$;
REVOKE EXECUTE ON FUNCTION guard_district(regclass) FROM PUBLIC;

-- Let no row point into another district: a foreign key does not look at row-level security, so it carries the district.
-- Called at the end of the last migration; may be called again after new tables.
CREATE FUNCTION fence_districts() RETURNS void LANGUAGE plpgsql AS $$
DECLARE fk record;
BEGIN
  FOR fk IN
    SELECT c.conname, c.conrelid::regclass AS child, a.attname AS col, p.oid::regclass AS parent, r.attname AS ref,
           p.relname || '_in_district' AS fence
    FROM pg_constraint c JOIN pg_class p ON p.oid = c.confrelid
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND 2 = (
      SELECT count(*) FROM pg_attribute d
      WHERE d.attname = 'district_id' AND NOT d.attisdropped AND d.attrelid IN (c.conrelid, c.confrelid)
      ) + (c.conrelid = c.confrelid)::int
  LOOP
    IF NOT EXISTS (SELECT FROM pg_constraint u WHERE u.conrelid = fk.parent AND u.conname = fk.fence) THEN
      EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I UNIQUE (%I, district_id)', fk.parent, fk.fence, fk.ref);
    END IF;
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I FOREIGN KEY (%I, district_id) REFERENCES %s (%I, district_id)',
                   fk.child, fk.conname, fk.col, fk.parent, fk.ref);
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION fence_districts() FROM PUBLIC;

CREATE TABLE district (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[0-9]{6}$'),
  name text NOT NULL,
  is_demo boolean NOT NULL DEFAULT false,
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE district IS 'owner: core; retention: forever';
COMMENT ON COLUMN district.settings IS 'what DOMAIN marks M or L: see core/districts.py for names and defaults';
GRANT SELECT ON district TO yinling_gateway, yinling_worker, yinling_web;

CREATE TABLE region (
  code text PRIMARY KEY CHECK (code ~ '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$'),
  name text NOT NULL,
  parent_code text REFERENCES region
);
COMMENT ON TABLE region IS 'owner: core; retention: forever';
GRANT SELECT ON region TO yinling_gateway, yinling_worker, yinling_web;

CREATE TABLE home (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  region_code text REFERENCES region,
  address_sealed bytea NOT NULL,
  access_sealed bytea,
  lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
  lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
  qr_secret bytea NOT NULL,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE home IS 'owner: core; retention: 10 years after the last enrolment';
COMMENT ON COLUMN home.access_sealed IS 'how to get in: key safe, neighbour with a key';
COMMENT ON COLUMN home.lat IS 'WGS-84 degrees';
SELECT guard_district('home');

CREATE TABLE elder (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  home_id uuid NOT NULL REFERENCES home,
  name text NOT NULL,
  gender text NOT NULL CHECK (gender IN ('female', 'male')),
  born_on date NOT NULL,
  id_number_sealed bytea NOT NULL,
  id_number_index bytea NOT NULL,
  phone_sealed bytea,
  languages text[] NOT NULL DEFAULT '{zh}',
  lives_alone boolean NOT NULL DEFAULT false,
  category text NOT NULL DEFAULT 'general' CHECK (category IN ('general', 'dibao', 'tekun', 'disabled')),
  conditions jsonb NOT NULL DEFAULT '[]',
  died_on date,
  created_at timestamptz NOT NULL,
  UNIQUE (district_id, id_number_index)
);
COMMENT ON TABLE elder IS 'owner: core; retention: 10 years after the last enrolment';
COMMENT ON COLUMN elder.conditions IS 'what staff must know at the door, as codes or short texts: [{"text": …, "kind": "illness|medicine|risk"}]';
CREATE INDEX elder_home ON elder (home_id);
SELECT guard_district('elder');

CREATE TABLE family_member (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  name text NOT NULL,
  phone_sealed bytea,
  phone_index bytea,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE family_member IS 'owner: core; retention: 3 years after the last bond ended';
SELECT guard_district('family_member');

CREATE TABLE family_bond (
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  family_member_id uuid NOT NULL REFERENCES family_member,
  relation text NOT NULL,
  priority int NOT NULL DEFAULT 1,
  consented_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (elder_id, family_member_id)
);
COMMENT ON TABLE family_bond IS 'owner: core; retention: 3 years after it ended';
CREATE INDEX family_bond_member ON family_bond (family_member_id);
SELECT guard_district('family_bond');

CREATE TABLE grade (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  scale text NOT NULL CHECK (scale IN ('gbt_42195', 'tekun_self_care', 'disability_certificate', 'ltci')),
  grade text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  source_id uuid,
  recorded_at timestamptz NOT NULL,
  CHECK (valid_to IS NULL OR valid_to >= valid_from),
  EXCLUDE USING gist (elder_id WITH =, scale WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
COMMENT ON TABLE grade IS 'owner: core (written by services through core.grades); retention: 10 years';
SELECT guard_district('grade');

CREATE TABLE absence (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  elder_id uuid NOT NULL REFERENCES elder,
  kind text NOT NULL CHECK (kind IN ('hospital', 'holiday', 'institution')),
  starts_on date NOT NULL,
  ends_on date,
  recorded_at timestamptz NOT NULL,
  CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
COMMENT ON TABLE absence IS 'owner: core; retention: 10 years';
CREATE INDEX absence_elder ON absence (elder_id, starts_on);
SELECT guard_district('absence');

CREATE TABLE account (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  login text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  role text NOT NULL CHECK (role IN ('operator', 'duty_manager', 'caregiver', 'provider_manager', 'family', 'clerk',
                                     'auditor', 'approver', 'assessor', 'installer', 'admin')),
  name text NOT NULL,
  language text NOT NULL DEFAULT 'zh_CN' CHECK (language IN ('zh_CN', 'en')),
  family_member_id uuid REFERENCES family_member,
  caregiver_id uuid,
  provider_id uuid,
  created_at timestamptz NOT NULL,
  disabled_at timestamptz
);
COMMENT ON TABLE account IS 'owner: core; retention: as long as the audit log names it';
SELECT guard_district('account');

CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  account_id uuid NOT NULL REFERENCES account,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
COMMENT ON TABLE session IS 'owner: core; retention: 30 days after expiry';
CREATE INDEX session_account ON session (account_id);
SELECT guard_district('session');

CREATE TABLE login_attempt (
  address text NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE login_attempt IS 'owner: core; retention: 1 day';
CREATE INDEX login_attempt_address ON login_attempt (address, at);

CREATE TABLE event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number bigint UNIQUE,
  district_id uuid NOT NULL REFERENCES district,
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  case_id uuid,
  visit_id uuid,
  elder_id uuid,
  caregiver_id uuid,
  roles text[] NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE event IS 'owner: core; retention: 7 days (a longer absence gets resync)';
COMMENT ON COLUMN event.number IS 'given after the commit, by one tick under a lock: a sequence is not a commit order';
COMMENT ON COLUMN event.roles IS 'who may hear it; family only for elder_id, caregiver only for caregiver_id';
CREATE INDEX event_unnumbered ON event (id) WHERE number IS NULL;
SELECT guard_district('event');
CREATE TABLE event_counter (single boolean PRIMARY KEY DEFAULT true CHECK (single), last bigint NOT NULL);
COMMENT ON TABLE event_counter IS 'owner: core; retention: forever';
INSERT INTO event_counter VALUES (true, 0);

CREATE FUNCTION ring_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('event', ''); RETURN NULL; END $$;
CREATE TRIGGER event_doorbell AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION ring_event();

CREATE TABLE audit_log (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  at timestamptz NOT NULL,
  account_id uuid,
  action text NOT NULL,
  subject_kind text NOT NULL,
  subject_id uuid,
  detail jsonb NOT NULL DEFAULT '{}',
  number bigint,
  hash bytea,
  UNIQUE (district_id, number)
);
COMMENT ON TABLE audit_log IS 'owner: core; retention: 10 years; append-only, hash-chained per district by a tick';
CREATE INDEX audit_log_subject ON audit_log (subject_id);
CREATE INDEX audit_log_unchained ON audit_log (district_id, id) WHERE number IS NULL;
SELECT guard_district('audit_log');
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.number IS NULL AND OLD.hash IS NULL AND NEW.number IS NOT NULL AND NEW.hash IS NOT NULL
     AND (NEW.id, NEW.district_id, NEW.at, NEW.account_id, NEW.action, NEW.subject_kind, NEW.subject_id, NEW.detail)
         IS NOT DISTINCT FROM
         (OLD.id, OLD.district_id, OLD.at, OLD.account_id, OLD.action, OLD.subject_kind, OLD.subject_id, OLD.detail) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();

CREATE TABLE idempotency_key (
  account_id uuid NOT NULL REFERENCES account,
  key text NOT NULL,
  district_id uuid NOT NULL REFERENCES district,
  request_hash bytea NOT NULL,
  status int,
  body jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, key)
);
COMMENT ON TABLE idempotency_key IS 'owner: core; retention: 30 days';
SELECT guard_district('idempotency_key');

-- Before the district is known: a few questions by named functions, nothing more. They run as the owner, who may
-- see every row of these three tables and of no other.
CREATE POLICY definer ON account FOR SELECT TO yinling_owner USING (true);
CREATE POLICY definer ON session FOR SELECT TO yinling_owner USING (true);
CREATE POLICY definer ON event TO yinling_owner USING (true);

CREATE FUNCTION account_for_login(wanted text)
RETURNS TABLE (id uuid, district_id uuid, password_hash text, is_demo boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.district_id, a.password_hash, d.is_demo FROM account a JOIN district d ON d.id = a.district_id
  WHERE a.login = wanted AND a.disabled_at IS NULL
$$;

CREATE FUNCTION session_for_token(wanted bytea, at timestamptz)
RETURNS TABLE (account_id uuid, district_id uuid, district_code text, district_name text, role text, name text, language text,
               family_member_id uuid, caregiver_id uuid, provider_id uuid, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.district_id, d.code, d.name, a.role, a.name, a.language,
         a.family_member_id, a.caregiver_id, a.provider_id, s.expires_at
  FROM session s JOIN account a ON a.id = s.account_id JOIN district d ON d.id = a.district_id
  WHERE s.token_hash = wanted AND s.revoked_at IS NULL AND s.expires_at > at AND a.disabled_at IS NULL
$$;

-- Number what has been committed, in one order for everybody. Returns how many.
CREATE FUNCTION number_events() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n bigint; base bigint;
BEGIN
  SELECT last INTO base FROM event_counter FOR UPDATE;
  WITH waiting AS (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM event WHERE number IS NULL)
  UPDATE event e SET number = base + w.nth FROM waiting w WHERE e.id = w.id;
  GET DIAGNOSTICS n = ROW_COUNT;
  IF n > 0 THEN UPDATE event_counter SET last = base + n; END IF;
  RETURN n;
END $$;

CREATE FUNCTION events_after(after bigint, most int)
RETURNS TABLE (number bigint, district_id uuid, kind text, subject_id uuid, case_id uuid, visit_id uuid, elder_id uuid,
               caregiver_id uuid, roles text[], at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT number, district_id, kind, subject_id, case_id, visit_id, elder_id, caregiver_id, roles, at
  FROM event WHERE number > after ORDER BY number LIMIT most
$$;

CREATE FUNCTION events_oldest() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(min(number), 0) FROM event $$;
CREATE FUNCTION events_last() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT last FROM event_counter $$;

REVOKE EXECUTE ON FUNCTION account_for_login(text), session_for_token(bytea, timestamptz), number_events(),
  events_after(bigint, int), events_oldest(), events_last() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION account_for_login(text), session_for_token(bytea, timestamptz) TO yinling_web;
GRANT EXECUTE ON FUNCTION number_events(), events_after(bigint, int), events_oldest(), events_last() TO yinling_web, yinling_worker;

-- Rotation of keys (core/rotation.py): columns named …_sealed, and their values that an older master key sealed.
-- Run by the owner inside one district; a sealed value is unique, as its nonce is random.
CREATE FUNCTION sealed_columns() RETURNS TABLE (target text, col text, has_district boolean) LANGUAGE sql STABLE AS $$
  SELECT format('%I.%I', n.nspname, c.relname), a.attname::text,
         EXISTS (SELECT FROM pg_attribute d WHERE d.attrelid = c.oid AND d.attname = 'district_id' AND NOT d.attisdropped)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attname LIKE '%\_sealed' AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname IN ('public', 'ingest') ORDER BY 1, 2
$$;
CREATE FUNCTION stale_sealed(target text, col text, newest int, most int) RETURNS SETOF bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT %1$I FROM %2$s WHERE get_byte(%1$I, 0) * 256 + get_byte(%1$I, 1) <> $1 LIMIT $2',
                              col, target::regclass) USING newest, most;
END $$;
CREATE FUNCTION reseal(target text, col text, old bytea, new bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('UPDATE %2$s SET %1$I = $2 WHERE %1$I = $1', col, target::regclass) USING old, new;
END $$;
REVOKE EXECUTE ON FUNCTION sealed_columns(), stale_sealed(text, text, int, int), reseal(text, text, bytea, bytea) FROM PUBLIC;

GRANT SELECT, INSERT, UPDATE ON home, elder, family_member, family_bond, grade, absence, account TO yinling_web, yinling_worker;
GRANT SELECT, INSERT, UPDATE ON session TO yinling_web;
GRANT SELECT, DELETE ON session TO yinling_worker;
GRANT SELECT, INSERT ON login_attempt TO yinling_web;
GRANT SELECT, DELETE ON login_attempt, event, idempotency_key TO yinling_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO yinling_web;
GRANT SELECT, INSERT ON event TO yinling_web, yinling_worker, yinling_gateway;
GRANT SELECT, INSERT ON audit_log TO yinling_web, yinling_worker;
GRANT UPDATE (number, hash) ON audit_log TO yinling_worker;
