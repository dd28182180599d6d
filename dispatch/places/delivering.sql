-- list_doors --
-- Portions that are to be delivered and on no route yet. $1 meal
SELECT s.id, h.lat, h.lon FROM meal_serving s JOIN elder e ON e.id = s.elder_id JOIN home h ON h.id = e.home_id
WHERE s.meal_id = $1 AND s.mode = 'deliver' AND s.cancelled_at IS NULL AND s.served_at IS NULL AND s.visit_id IS NULL ORDER BY s.id

-- create_batch --
-- A box on a route. $1 id $2 district $3 meal $4 caregiver $5 leaves $6 capacity $7 by $8 now
INSERT INTO meal_batch (id, district_id, meal_id, caregiver_id, leaves_at, capacity, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- pin --
-- Who and when are fixed, and told. $1 visit $2 from $3 to $4 now
UPDATE visit SET planned_start = $2, planned_end = $3, is_pinned = true, promised_at = $4 WHERE id = $1

-- load_box --
-- A portion is in the box. $1 serving $2 batch $3 position $4 visit
UPDATE meal_serving SET batch_id = $2, position = $3, visit_id = $4 WHERE id = $1
