-- When no gateway listened: silence of that time is nobody's but ours. And what the rules remember is read and written
-- whole, never looked into: as it was said (json), not as a tree (jsonb), which costs less both ways.

CREATE TABLE ingest.listening (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  at timestamptz NOT NULL
);
COMMENT ON TABLE ingest.listening IS 'owner: gateway; retention: one row';
COMMENT ON COLUMN ingest.listening.at IS 'the last moment at which a gateway heard every lane, and nothing of a backlog was left';

CREATE TABLE ingest.deaf (
  from_at timestamptz PRIMARY KEY,
  to_at timestamptz NOT NULL,
  CHECK (to_at > from_at)
);
COMMENT ON TABLE ingest.deaf IS 'owner: gateway; retention: 35 days';
GRANT SELECT, INSERT, UPDATE, DELETE ON ingest.listening, ingest.deaf TO yinling_gateway;

ALTER TABLE ingest.watch ALTER COLUMN state TYPE json USING state::json;
