-- What ecosystems say once and mean for ever (discovery, births, lists of devices): remembered by hub, because the next
-- message may reach another process. Only the gateway's role may touch it.

CREATE TABLE ingest.hub_memory (
  hub_id uuid NOT NULL,
  ecosystem text NOT NULL,
  key text NOT NULL,
  data jsonb NOT NULL,
  learned_at timestamptz NOT NULL,
  PRIMARY KEY (hub_id, ecosystem, key)
);
COMMENT ON TABLE ingest.hub_memory IS 'owner: gateway; retention: as long as the hub';
COMMENT ON COLUMN ingest.hub_memory.key IS 'what the codec of the ecosystem looks it up by';
GRANT SELECT, INSERT, UPDATE, DELETE ON ingest.hub_memory TO yinling_gateway;
