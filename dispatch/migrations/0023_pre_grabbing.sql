-- Visits that caregivers take themselves: how long they stand open before the planner has them. Distances for reports.

ALTER TABLE provider ADD COLUMN grab_hours int NOT NULL DEFAULT 12 CHECK (grab_hours BETWEEN 0 AND 168);
COMMENT ON COLUMN provider.grab_hours IS 'in mode grab a visit is open to all who may until so many hours before its window; then the planner has it';
CREATE INDEX visit_open ON visit (district_id, window_start) WHERE state = 'wanted' AND case_id IS NULL;

-- The great-circle distance of two places, as dispatch/geo.py has it (a test compares).
CREATE FUNCTION great_circle_km(lat_1 double precision, lon_1 double precision, lat_2 double precision, lon_2 double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 2 * 6371.0088 * asin(least(1, sqrt(sin(radians(lat_2 - lat_1) / 2) ^ 2
    + cos(radians(lat_1)) * cos(radians(lat_2)) * sin(radians(lon_2 - lon_1) / 2) ^ 2)))
$$;
GRANT EXECUTE ON FUNCTION great_circle_km TO yinling_web, yinling_worker;
SELECT fence_districts();
