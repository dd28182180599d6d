-- create_plan --
-- A plan that waits to be computed. $1 id $2 district $3 day $4 provider or null $5 cause $6 trigger $7 seed $8 seconds $9 account or null $10 now
INSERT INTO plan (id, district_id, "on", provider_id, state, cause, trigger, seed, seconds, created_by, created_at)
VALUES ($1, $2, $3, $4, 'computing', $5, $6, $7, $8, $9, $10)

-- find_plan --
-- One plan; a provider's manager knows the own provider's only. $1 plan $2 provider or null
SELECT id, district_id, "on", provider_id, state, cause, trigger, seed, seconds, cost, progress, broken, breaks, left_out, reason,
       created_by, created_at, finished_at, accepted_by, accepted_at, taken_at
FROM plan WHERE id = $1 AND ($2::uuid IS NULL OR provider_id = $2)

-- list_plans --
-- Plans, the latest first. $1 day or null $2 provider or null $3 after or null $4 most
SELECT id, district_id, "on", provider_id, state, cause, trigger, seed, seconds, cost, progress, broken, breaks, left_out, reason,
       created_by, created_at, finished_at, accepted_by, accepted_at, taken_at
FROM plan WHERE ($1::date IS NULL OR "on" = $1) AND ($2::uuid IS NULL OR provider_id = $2) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4

-- list_items --
-- What a plan says of each visit, by caregiver and time; what nobody makes comes last. $1 plan
SELECT i.visit_id, i.seat, i.caregiver_id, c.name AS caregiver_name, i.position, i.starts_at, i.ends_at, i.travel_s, i.wait_s, i.why,
       v.elder_id, v.elder_name, v.service, v.priority, v.state, v.window_start, v.window_end, v.windows, v.minutes, v.staff,
       v.is_optional, v.is_pinned, v.promised_at, v.planned_start, v.caregiver_id AS standing_id, v.follows_id, v.provider_id,
       v.lat, v.lon
FROM plan_item i JOIN visit_shown v ON v.id = i.visit_id LEFT JOIN caregiver c ON c.id = i.caregiver_id
WHERE i.plan_id = $1 ORDER BY i.caregiver_id NULLS LAST, i.starts_at, i.visit_id, i.seat

-- lock_plan --
-- One plan for a change. $1 plan $2 provider or null
SELECT id, district_id, "on", provider_id, state, cause, trigger, created_at FROM plan
WHERE id = $1 AND ($2::uuid IS NULL OR provider_id = $2) FOR UPDATE

-- accept_plan --
-- It comes into force. $1 plan $2 from $3 account or null $4 now $5 left out
UPDATE plan SET state = 'accepted', accepted_by = $3, accepted_at = $4, left_out = $5, finished_at = coalesce(finished_at, $4)
WHERE id = $1 AND state = $2 RETURNING id

-- discard_plan --
-- It will not be used. $1 plan $2 now
UPDATE plan SET state = 'discarded', finished_at = coalesce(finished_at, $2)
WHERE id = $1 AND state IN ('computing', 'ready', 'failed') RETURNING id

-- list_waiting --
-- Plans that nobody computes, or whose process gave no sign for too long. $1 last sign before $2 repairs (true) or days
SELECT id FROM plan WHERE state = 'computing' AND (taken_at IS NULL OR taken_at < $1) AND (cause IN ('repair', 'drag')) = $2
ORDER BY created_at LIMIT 5

-- take_plan --
-- One process computes it. $1 plan $2 now $3 last sign before
UPDATE plan SET taken_at = $2 WHERE id = $1 AND state = 'computing' AND (taken_at IS NULL OR taken_at < $3) RETURNING id

-- show_progress --
-- The best so far. $1 plan $2 progress $3 now
UPDATE plan SET progress = $2, taken_at = $3 WHERE id = $1 AND state = 'computing' RETURNING id

-- beat --
-- Who computes it is alive. $1 plan $2 now
UPDATE plan SET taken_at = $2 WHERE id = $1 AND state = 'computing'

-- finish_plan --
-- It can be accepted. $1 plan $2 cost $3 broken $4 breaks $5 progress $6 now
UPDATE plan SET state = 'ready', cost = $2, broken = $3, breaks = $4, progress = $5, finished_at = $6
WHERE id = $1 AND state = 'computing' RETURNING id

-- fail_plan --
-- It cannot be computed. $1 plan $2 reason $3 now
UPDATE plan SET state = 'failed', reason = $2, finished_at = $3 WHERE id = $1 AND state = 'computing' RETURNING id

-- drop_items --
-- Make room for a better plan. $1 plan
DELETE FROM plan_item WHERE plan_id = $1

-- write_items --
-- What a plan says of each visit, as arrays. $1 plan $2 district $3 items
INSERT INTO plan_item (plan_id, visit_id, seat, district_id, caregiver_id, position, starts_at, ends_at, travel_s, wait_s, why)
SELECT $1, (i->>'visit_id')::uuid, (i->>'seat')::int, $2, (i->>'caregiver_id')::uuid, (i->>'position')::int,
       (i->>'starts_at')::timestamptz, (i->>'ends_at')::timestamptz, (i->>'travel_s')::int, (i->>'wait_s')::int, i->'why'
FROM jsonb_array_elements($3::jsonb) i

-- find_own_district --
-- The district of the running transaction.
SELECT current_district()

-- has_accepted --
-- Whether a plan of a day is in force already. $1 day
SELECT EXISTS (SELECT FROM plan WHERE "on" = $1 AND state = 'accepted' AND coalesce(trigger->>'kind', '') <> 'emergency') AS planned

-- forget_plans --
-- Plans whose retention is over lose their items first. $1 before
WITH old AS (SELECT id FROM plan WHERE created_at < $1 LIMIT 200),
     items AS (DELETE FROM plan_item WHERE plan_id IN (SELECT id FROM old) RETURNING plan_id)
SELECT DISTINCT id FROM old

-- forget_plan_rows --
-- And then themselves. $1 plans
DELETE FROM plan WHERE id = ANY ($1)
