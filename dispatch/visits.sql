-- list_visits --
-- Visits, latest window first; a caregiver's with what they are asked for. $1 caregiver or null $2 elder or null $3 state or null $4 case or null $5 provider or null $6 since $7 until or null $8 after or null $9 most
SELECT * FROM visit_shown v
WHERE ($1::uuid IS NULL OR caregiver_id = $1 OR id IN (SELECT visit_id FROM visit_offer o WHERE o.caregiver_id = $1 AND o.state = 'open'))
  AND ($2::uuid IS NULL OR elder_id = $2) AND ($3::text IS NULL OR state = $3)
  AND ($4::uuid IS NULL OR case_id = $4) AND ($5::uuid IS NULL OR provider_id = $5)
  AND ($6::timestamptz IS NULL OR (window_start < $7 AND window_end >= $6))
  AND ($8::uuid IS NULL OR (window_start, id) < (SELECT w.window_start, w.id FROM visit w WHERE w.id = $8))
ORDER BY window_start DESC, id DESC LIMIT $9

-- create_visit --
-- A visit that is wanted, once for its origin. $1 id $2 district $3 elder $4 bed $5 service $6 priority $7 from $8 to $9 minutes $10 provider $11 funding $12 now $13 windows $14 movable from $15 to $16 follows $17 least $18 most $19 staff $20 optional $21 origin $22 held
INSERT INTO visit (id, district_id, elder_id, care_bed_id, service, priority, state, window_start, window_end, minutes, provider_id,
                   funding, wanted_at, windows, movable_from, movable_to, follows_id, follows_min, follows_max, staff, is_optional,
                   origin, held_reason)
VALUES ($1, $2, $3, $4, $5, $6, 'wanted', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
ON CONFLICT (district_id, origin) WHERE origin IS NOT NULL DO NOTHING RETURNING id

-- find_by_origin --
-- The visit that an origin has wanted. $1 district $2 origin
SELECT id FROM visit WHERE district_id = $1 AND origin = $2

-- offer_visit --
-- To a caregiver by hand or by plan. $1 visit $2 from $3 caregiver $4 provider $5 now $6 why
UPDATE visit SET state = 'offered', caregiver_id = $3, provider_id = $4, offered_at = $5, why = $6
WHERE id = $1 AND state = $2 RETURNING id

-- accept_visit --
-- A promise. $1 visit $2 from $3 caregiver $4 now
UPDATE visit SET state = 'accepted', accepted_at = $4 WHERE id = $1 AND state = $2 AND caregiver_id = $3 RETURNING id

-- want_again --
-- A planned visit that was declined waits for somebody else. $1 visit $2 from $3 caregiver
UPDATE visit SET state = 'wanted', caregiver_id = NULL, offered_at = NULL
WHERE id = $1 AND state = $2 AND caregiver_id = $3 RETURNING id

-- list_late --
-- Planned visits that nobody came to, when the last of their windows and days is over; who is held is not waited for. $1 latest window end
SELECT id FROM visit WHERE case_id IS NULL AND state IN ('wanted', 'offered', 'accepted', 'en_route') AND window_end < $1
  AND held_reason IS NULL AND (state <> 'wanted' OR movable_to IS NULL OR movable_to < ($1 AT TIME ZONE 'Asia/Shanghai')::date)
  AND NOT EXISTS (SELECT FROM jsonb_array_elements(windows) w WHERE (w->>'to')::timestamptz >= $1)
ORDER BY window_end LIMIT 200
