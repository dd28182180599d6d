-- create_meal --
-- A meal at a place. $1 id $2 district $3 place $4 day $5 kind $6 menu $7 portions $8 from $9 to $10 by $11 now
INSERT INTO meal (id, district_id, place_id, "on", kind, menu, portions, starts_at, ends_at, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- find_meal --
-- One meal with its counts. $1 id
SELECT m.*, p.name AS place_name, p.provider_id, p.lat, p.lon, c.ordered, c.eat_in, c.deliver, c.served FROM meal m
JOIN place p ON p.id = m.place_id,
LATERAL (SELECT count(*) AS ordered, count(*) FILTER (WHERE s.mode = 'eat_in') AS eat_in, count(*) FILTER (WHERE s.mode = 'deliver') AS deliver,
                count(*) FILTER (WHERE s.served_at IS NOT NULL OR v.state IN ('completed', 'verified')) AS served
         FROM meal_serving s LEFT JOIN visit v ON v.id = s.visit_id WHERE s.meal_id = m.id AND s.cancelled_at IS NULL) c
WHERE m.id = $1

-- list_meals --
-- Meals with their counts, newest first. $1 day or null $2 place or null $3 before this id or null $4 most
SELECT m.*, p.name AS place_name, p.provider_id, c.ordered, c.eat_in, c.deliver, c.served FROM meal m
JOIN place p ON p.id = m.place_id,
LATERAL (SELECT count(*) AS ordered, count(*) FILTER (WHERE s.mode = 'eat_in') AS eat_in, count(*) FILTER (WHERE s.mode = 'deliver') AS deliver,
                count(*) FILTER (WHERE s.served_at IS NOT NULL OR v.state IN ('completed', 'verified')) AS served
         FROM meal_serving s LEFT JOIN visit v ON v.id = s.visit_id WHERE s.meal_id = m.id AND s.cancelled_at IS NULL) c
WHERE ($1::date IS NULL OR m."on" = $1) AND ($2::uuid IS NULL OR m.place_id = $2) AND ($3::uuid IS NULL OR m.id < $3)
ORDER BY m.id DESC LIMIT $4

-- lock_meal --
-- A meal while a portion of it is ordered or eaten: two at once must not take the last. $1 id
SELECT m.id, m.district_id, m."on", m.kind, m.portions, m.starts_at, m.ends_at, m.cooked_at, p.name AS place_name,
       (SELECT count(*) FROM meal_serving s WHERE s.meal_id = m.id AND s.cancelled_at IS NULL) AS ordered
FROM meal m JOIN place p ON p.id = m.place_id WHERE m.id = $1 FOR NO KEY UPDATE OF m

-- cook --
-- When it left the stove. $1 id $2 at
UPDATE meal SET cooked_at = $2 WHERE id = $1 RETURNING id

-- order --
-- A portion for somebody. $1 id $2 district $3 meal $4 elder $5 day $6 kind $7 mode $8 funding $9 now $10 by
INSERT INTO meal_serving (id, district_id, meal_id, elder_id, "on", kind, mode, funding, ordered_at, ordered_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- find_same --
-- The portion that somebody has of a meal of the day, wherever. $1 elder $2 day $3 kind
SELECT s.id, s.served_at, p.name AS place_name FROM meal_serving s JOIN meal m ON m.id = s.meal_id JOIN place p ON p.id = m.place_id
WHERE s.elder_id = $1 AND s."on" = $2 AND s.kind = $3 AND s.cancelled_at IS NULL

-- find_mine --
-- Somebody's portion of a meal. $1 meal $2 elder
SELECT id, mode, served_at, visit_id FROM meal_serving WHERE meal_id = $1 AND elder_id = $2 AND cancelled_at IS NULL FOR UPDATE

-- cancel --
-- Called off before it was eaten or carried out. $1 id $2 now
UPDATE meal_serving SET cancelled_at = $2 WHERE id = $1 AND cancelled_at IS NULL AND served_at IS NULL AND visit_id IS NULL RETURNING id

-- serve --
-- Eaten at the place. $1 id $2 now $3 how $4 by
UPDATE meal_serving SET mode = 'eat_in', served_at = $2, served_how = $3, served_by = $4 WHERE id = $1

-- find_serving --
-- One portion. $1 id
SELECT s.*, e.name AS elder_name, m.place_id FROM meal_serving s JOIN elder e ON e.id = s.elder_id JOIN meal m ON m.id = s.meal_id
WHERE s.id = $1

-- list_servings --
-- Who gets a meal, routes first in their order. $1 meal
SELECT s.*, e.name AS elder_name, h.lat, h.lon, v.state AS visit_state, v.planned_start, b.leaves_at, c.name AS carrier_name
FROM meal_serving s JOIN elder e ON e.id = s.elder_id JOIN home h ON h.id = e.home_id LEFT JOIN visit v ON v.id = s.visit_id
LEFT JOIN meal_batch b ON b.id = s.batch_id LEFT JOIN caregiver c ON c.id = b.caregiver_id
WHERE s.meal_id = $1 AND s.cancelled_at IS NULL ORDER BY s.batch_id, s.position, e.name, s.id

-- is_known --
-- Does a provider visit an elder, look after the bed, or has it fed them? $1 elder $2 provider
SELECT EXISTS (SELECT FROM visit WHERE elder_id = $1 AND provider_id = $2)
    OR EXISTS (SELECT FROM care_bed WHERE elder_id = $1 AND provider_id = $2 AND ended_on IS NULL)
    OR EXISTS (SELECT FROM meal_serving s JOIN meal m ON m.id = s.meal_id JOIN place p ON p.id = m.place_id
               WHERE s.elder_id = $1 AND p.provider_id = $2)
