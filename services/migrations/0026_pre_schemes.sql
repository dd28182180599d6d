-- Schemes signed by two people, of several kinds; a quota's own part and what is carried into its month.

ALTER TABLE scheme
  ADD COLUMN kind text NOT NULL DEFAULT 'services' CHECK (kind IN ('services', 'allowance', 'voucher', 'standard')),
  ADD COLUMN state text NOT NULL DEFAULT 'signed' CHECK (state IN ('draft', 'signed', 'withdrawn')),
  ADD COLUMN proposed_by uuid REFERENCES account,
  ADD COLUMN signed_by uuid REFERENCES account,
  ADD COLUMN signed_at timestamptz,
  ADD CHECK (signed_by IS NULL OR signed_by IS DISTINCT FROM proposed_by),
  ADD CHECK (state <> 'draft' OR (signed_by IS NULL AND proposed_by IS NOT NULL));
COMMENT ON COLUMN scheme.state IS 'only what is signed counts; a draft may be proposed anew until a second person signs it';
COMMENT ON COLUMN scheme.signed_by IS 'null where the installation itself brought the scheme (demo, set-up)';
COMMENT ON COLUMN scheme.kind IS 'services and voucher pay visits, an allowance pays the person, a standard is only referred to';
CREATE INDEX scheme_in_force ON scheme (code, effective_from) WHERE state = 'signed';

-- What is signed never changes; a successor sets its last day.
CREATE FUNCTION keep_signed_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.code, NEW.version, NEW.name, NEW.kind, NEW.scale, NEW.effective_from, NEW.body, NEW.sha256, NEW.state,
      NEW.proposed_by, NEW.signed_by, NEW.signed_at)
     IS DISTINCT FROM
     (OLD.code, OLD.version, OLD.name, OLD.kind, OLD.scale, OLD.effective_from, OLD.body, OLD.sha256, OLD.state,
      OLD.proposed_by, OLD.signed_by, OLD.signed_at) THEN
    RAISE EXCEPTION 'scheme % % is signed: it is never edited, only succeeded', OLD.code, OLD.version;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scheme_signed BEFORE UPDATE ON scheme FOR EACH ROW WHEN (OLD.state = 'signed') EXECUTE FUNCTION keep_signed_scheme();

ALTER TABLE entitlement
  ADD COLUMN own numeric(12,2) CHECK (own >= 0),
  ADD COLUMN carried numeric(12,2) NOT NULL DEFAULT 0;
COMMENT ON COLUMN entitlement.own IS 'the month''s own part of the quota; null: all of it';
COMMENT ON COLUMN entitlement.carried IS 'from earlier months; of a year''s quota minus what its earlier months have used';

-- A successor takes unused months of the version before it.
GRANT DELETE ON entitlement TO yinling_web, yinling_worker;

SELECT fence_districts();
