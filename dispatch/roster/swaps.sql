-- offer_swap --
-- A shift is offered. $1 id $2 district $3 shift $4 giver $5 taker $6 starts $7 ends $8 now
INSERT INTO swap (id, district_id, shift_id, giver_id, taker_id, starts_at, ends_at, state, offered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'offered', $8)

-- move_swap --
-- Another state, if it is in one of these. $1 id $2 from $3 to $4 the manager or null $5 now
UPDATE swap SET state = $3, answered_at = CASE WHEN $4::uuid IS NULL THEN $5::timestamptz ELSE answered_at END,
  decided_by = $4, decided_at = CASE WHEN $4::uuid IS NOT NULL THEN $5::timestamptz END
WHERE id = $1 AND state = ANY ($2::text[]) RETURNING id

-- find_swap --
-- One swap. $1 id
SELECT s.id, s.district_id, s.shift_id, s.giver_id, g.name AS giver_name, g.provider_id, s.taker_id, t.name AS taker_name,
       s.starts_at, s.ends_at, s.state, s.offered_at, s.answered_at, s.decided_at
FROM swap s JOIN caregiver g ON g.id = s.giver_id JOIN caregiver t ON t.id = s.taker_id WHERE s.id = $1

-- list_swaps --
-- Swaps, the latest first. $1 provider or null $2 giver or taker or null $3 only those that wait $4 after or null $5 most
SELECT s.id, s.district_id, s.shift_id, s.giver_id, g.name AS giver_name, g.provider_id, s.taker_id, t.name AS taker_name,
       s.starts_at, s.ends_at, s.state, s.offered_at, s.answered_at, s.decided_at
FROM swap s JOIN caregiver g ON g.id = s.giver_id JOIN caregiver t ON t.id = s.taker_id
WHERE ($1::uuid IS NULL OR g.provider_id = $1) AND ($2::uuid IS NULL OR $2 IN (s.giver_id, s.taker_id))
  AND (NOT $3::boolean OR s.state IN ('offered', 'taken')) AND ($4::uuid IS NULL OR s.id < $4) ORDER BY s.id DESC LIMIT $5
