-- Browsers that asked to be told by web push, and what came of the last message to each.

CREATE TABLE push_subscription (
  id uuid PRIMARY KEY,
  district_id uuid NOT NULL REFERENCES district,
  account_id uuid NOT NULL REFERENCES account,
  family_member_id uuid REFERENCES family_member,
  endpoint text NOT NULL CHECK (length(endpoint) <= 1000),
  p256dh text NOT NULL,
  auth text NOT NULL,
  device text NOT NULL CHECK (device IN ('android', 'apple', 'desktop', 'other')),
  created_at timestamptz NOT NULL,
  renewed_at timestamptz NOT NULL,
  taken_at timestamptz,
  received_at timestamptz,
  failed_at timestamptz,
  failed_code text,
  test_token bytea,
  tested_at timestamptz,
  CHECK ((failed_at IS NULL) = (failed_code IS NULL)),
  CHECK ((test_token IS NULL) = (tested_at IS NULL)),
  UNIQUE (district_id, endpoint)
);
COMMENT ON TABLE push_subscription IS 'owner: dispatch; retention: until it is withdrawn, or its push service says that it is gone';
COMMENT ON COLUMN push_subscription.endpoint IS 'address at the browser''s push service: bound to our VAPID key, of no use to anybody without it';
COMMENT ON COLUMN push_subscription.p256dh IS 'public key of the browser, base64url: messages are encrypted for it';
COMMENT ON COLUMN push_subscription.renewed_at IS 'when the browser last said that it still has it';
COMMENT ON COLUMN push_subscription.taken_at IS 'when its push service last took a message';
COMMENT ON COLUMN push_subscription.received_at IS 'when the browser itself last said that one arrived';
COMMENT ON COLUMN push_subscription.test_token IS 'SHA-256 of the nonce of the last test message: its receipt names it';
CREATE INDEX push_subscription_account ON push_subscription (account_id);
CREATE INDEX push_subscription_member ON push_subscription (family_member_id) WHERE family_member_id IS NOT NULL;
SELECT guard_district('push_subscription');
GRANT SELECT, INSERT, UPDATE, DELETE ON push_subscription TO yinling_web, yinling_worker;

SELECT fence_districts();
