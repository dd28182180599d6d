-- A new password ends the connection that came in with the old one; brokers that keep a copy of the credentials say how far
-- they are; and what EMQX asks.

CREATE OR REPLACE FUNCTION ring_credential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.revoked_at IS NOT NULL OR (TG_OP = 'UPDATE' AND NEW.password_hash <> OLD.password_hash) THEN
    PERFORM pg_notify('credential_revoked', NEW.username);
  END IF;
  PERFORM pg_notify('registry', '');
  RETURN NULL;
END $$;

CREATE TABLE broker_copy (
  broker text PRIMARY KEY,
  seen pg_snapshot NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE broker_copy IS 'owner: devices; retention: as long as the broker (a row that is not renewed for a minute counts for nothing)';
COMMENT ON COLUMN broker_copy.seen IS 'what was committed when the broker, which has read it since, last copied the credentials';
GRANT SELECT, INSERT, UPDATE ON broker_copy TO yinling_gateway;
GRANT SELECT ON broker_copy TO yinling_web, yinling_worker;

-- EMQX asks this at CONNECT. No row: unknown, revoked, retired, or a client id that is not the user name.
CREATE FUNCTION emqx_login(wanted text, client_id text)
RETURNS TABLE (password_hash text, salt bytea, is_superuser boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT encode(c.password_hash, 'hex'), substring(sha256(convert_to(c.username, 'UTF8')) FROM 1 FOR 12), false
  FROM device_credential c WHERE c.username = wanted AND c.revoked_at IS NULL AND client_id = wanted
$$;

-- EMQX asks this at each topic that it has not asked for before. What is not listed is denied.
CREATE FUNCTION emqx_acl(wanted text)
RETURNS TABLE (permission text, action text, topic text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT 'allow', rule.action, rule.stem || c.username || rule.rest
  FROM device_credential c
  JOIN (VALUES ('publish', 'yl/v1/', '/telemetry', false), ('publish', 'yl/v1/', '/alarm', false),
               ('publish', 'yl/v1/', '/status', false), ('publish', 'yl/v1/', '/command/result', false),
               ('subscribe', 'yl/v1/', '/receipt', false), ('subscribe', 'yl/v1/', '/command', false),
               ('all', 'eco/', '/#', true)) AS rule (action, stem, rest, for_hub)
    ON c.is_hub OR NOT rule.for_hub
  WHERE c.username = wanted AND c.revoked_at IS NULL
$$;
-- Whose connection EMQX must end, for who listens and was away for a while.
CREATE FUNCTION emqx_changed(since timestamptz) RETURNS TABLE (username text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT username FROM device_credential WHERE revoked_at >= since OR created_at >= since
$$;
-- Who may ask is the installation's own role for EMQX (deploy/emqx/role.sql).
REVOKE EXECUTE ON FUNCTION emqx_login(text, text), emqx_acl(text), emqx_changed(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION emqx_login(text, text), emqx_acl(text), emqx_changed(timestamptz) TO yinling_gateway;
