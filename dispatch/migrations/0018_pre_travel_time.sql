-- Ways that a router was asked for, kept so that it is not asked again for the same two places.

CREATE TABLE travel_time (
  district_id uuid NOT NULL REFERENCES district,
  source text NOT NULL,
  from_cell bigint NOT NULL,
  to_cell bigint NOT NULL,
  metres int CHECK (metres >= 0),
  seconds int CHECK (seconds >= 0),
  fetched_at timestamptz NOT NULL,
  PRIMARY KEY (district_id, source, from_cell, to_cell)
);
COMMENT ON TABLE travel_time IS 'owner: dispatch; retention: 180 days';
COMMENT ON COLUMN travel_time.source IS 'who said it, by which profile: osrm:driving, amap';
COMMENT ON COLUMN travel_time.from_cell IS 'latitude and longitude rounded to 0.0001 degrees, packed into one number';
COMMENT ON COLUMN travel_time.metres IS 'null: the source knows no way';
CREATE INDEX travel_time_fetched ON travel_time (fetched_at);
SELECT guard_district('travel_time');

GRANT SELECT, INSERT, UPDATE, DELETE ON travel_time TO yinling_web, yinling_worker;
SELECT fence_districts();
