-- Visits that caregivers take themselves: how long they stand open before the planner has them.

ALTER TABLE provider ADD COLUMN grab_hours int NOT NULL DEFAULT 12 CHECK (grab_hours BETWEEN 0 AND 168);
COMMENT ON COLUMN provider.grab_hours IS 'in mode grab a visit is open to all who may until so many hours before its window; then the planner has it';
CREATE INDEX visit_open ON visit (district_id, window_start) WHERE state = 'wanted' AND case_id IS NULL;
SELECT fence_districts();
