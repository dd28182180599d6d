-- find_facts --
-- What an order hangs on: the death, the care bed and who serves it. $1 elder
SELECT e.died_on, b.id AS care_bed_id, b.provider_id FROM elder e
LEFT JOIN LATERAL (SELECT id, provider_id FROM care_bed WHERE elder_id = e.id AND ended_on IS NULL ORDER BY enrolled_on LIMIT 1) b ON true
WHERE e.id = $1

-- create_order --
-- An order of a visit that is wanted. $1 id $2 district $3 elder $4 visit $5 by $6 now $7 note
INSERT INTO care_order (id, district_id, elder_id, visit_id, ordered_by, ordered_at, note) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- find_order --
-- One order with the state that follows from its visit. $1 id
SELECT * FROM order_shown WHERE id = $1

-- list_orders --
-- Orders, newest first. $1 elder or null $2 state or null $3 provider or null $4 before this id or null $5 most
SELECT * FROM order_shown WHERE ($1::uuid IS NULL OR elder_id = $1) AND ($2::text IS NULL OR state = $2)
  AND ($3::uuid IS NULL OR provider_id = $3) AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5

-- cancel_order --
-- Called off. $1 id $2 now $3 by $4 reason
UPDATE care_order SET cancelled_at = $2, cancelled_by = $3, cancelled_reason = $4 WHERE id = $1

-- review_order --
-- What is thought of it, once. $1 id $2 rating $3 words $4 now $5 by
UPDATE care_order SET rating = $2, review = $3, reviewed_at = $4, reviewed_by = $5 WHERE id = $1 AND reviewed_at IS NULL RETURNING id

-- call_back_order --
-- What was said on the telephone afterwards, once. $1 id $2 said $3 now $4 by
UPDATE care_order SET call_back = $2, called_back_at = $3, called_back_by = $4 WHERE id = $1 AND called_back_at IS NULL RETURNING id

-- find_order_of_visit --
-- The order that a visit was wanted by. $1 visit
SELECT id FROM care_order WHERE visit_id = $1
