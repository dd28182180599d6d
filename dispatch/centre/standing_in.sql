-- add_override --
-- Who is there instead. $1 id $2 district $3 absent $4 instead or null $5 reason $6 starts $7 ends $8 by $9 now $10 agreed by
INSERT INTO duty_override (id, district_id, absent_id, instead_id, reason, starts_at, ends_at, created_by, created_at, agreed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- stands_in --
-- Say whether somebody sits in for another at a time. $1 account $2 starts $3 ends
SELECT EXISTS (SELECT FROM duty_held WHERE account_id = $1 AND override_id IS NOT NULL AND starts_at < $3 AND ends_at > $2)

-- is_absent --
-- Say whether somebody is absent at a time. $1 account $2 starts $3 ends
SELECT EXISTS (SELECT FROM duty_override WHERE absent_id = $1 AND withdrawn_at IS NULL AND starts_at < $3 AND ends_at > $2)

-- withdraw_override --
-- An override that does not hold any more. $1 id $2 now $3 by
UPDATE duty_override SET withdrawn_at = $2, withdrawn_by = $3 WHERE id = $1 AND withdrawn_at IS NULL AND ends_at > $2 RETURNING id

-- find_override --
-- One override. $1 id
SELECT o.id, o.absent_id, a.name AS absent_name, o.instead_id, i.name AS instead_name, o.reason, o.starts_at, o.ends_at, o.withdrawn_at
FROM duty_override o JOIN account a ON a.id = o.absent_id LEFT JOIN account i ON i.id = o.instead_id WHERE o.id = $1

-- list_overrides --
-- Overrides of a span. $1 since $2 until
SELECT o.id, o.absent_id, a.name AS absent_name, o.instead_id, i.name AS instead_name, o.reason, o.starts_at, o.ends_at
FROM duty_override o JOIN account a ON a.id = o.absent_id LEFT JOIN account i ON i.id = o.instead_id
WHERE o.withdrawn_at IS NULL AND o.starts_at < $2 AND o.ends_at > $1 ORDER BY o.starts_at, o.id LIMIT 200

-- offer_swap --
-- A shift is offered. $1 id $2 district $3 shift $4 giver $5 taker or null $6 starts $7 ends $8 now
INSERT INTO duty_swap (id, district_id, duty_shift_id, giver_id, taker_id, starts_at, ends_at, state, offered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'offered', $8)

-- move_swap --
-- Another state, if it is in one of these. $1 id $2 from $3 to $4 who takes it or null $5 the manager or null $6 now
UPDATE duty_swap SET state = $3, taker_id = coalesce($4::uuid, taker_id),
  answered_at = CASE WHEN $5::uuid IS NULL THEN $6::timestamptz ELSE answered_at END,
  decided_by = $5, decided_at = CASE WHEN $5::uuid IS NOT NULL THEN $6::timestamptz END
WHERE id = $1 AND state = ANY ($2::text[]) RETURNING id

-- find_swap --
-- One swap. $1 id
SELECT s.id, s.duty_shift_id, s.giver_id, g.name AS giver_name, s.taker_id, t.name AS taker_name, s.starts_at, s.ends_at, s.state,
       s.offered_at, s.answered_at, s.decided_at
FROM duty_swap s JOIN account g ON g.id = s.giver_id LEFT JOIN account t ON t.id = s.taker_id WHERE s.id = $1

-- list_swaps --
-- Swaps, the latest first. $1 giver, taker or anybody who may take it, or null $2 only those that wait $3 now
SELECT s.id, s.duty_shift_id, s.giver_id, g.name AS giver_name, s.taker_id, t.name AS taker_name, s.starts_at, s.ends_at, s.state,
       s.offered_at, s.answered_at, s.decided_at
FROM duty_swap s JOIN account g ON g.id = s.giver_id LEFT JOIN account t ON t.id = s.taker_id
WHERE ($1::uuid IS NULL OR $1 IN (s.giver_id, s.taker_id) OR (s.taker_id IS NULL AND s.state = 'offered'))
  AND (NOT $2::boolean OR (s.state IN ('offered', 'taken') AND s.starts_at > $3)) ORDER BY s.id DESC LIMIT 50
