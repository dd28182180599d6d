-- create_offer --
-- Somebody is asked. $1 id $2 district $3 visit $4 caregiver $5 ring $6 eta $7 distance $8 now $9 answer by
INSERT INTO visit_offer (id, district_id, visit_id, caregiver_id, ring, state, eta_min, distance_km, offered_at, answer_by)
VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9)

-- find_own --
-- What somebody was asked last about a visit. $1 visit $2 caregiver
SELECT o.id, o.state, o.taken_by, c.name AS taken_by_name, o.answered_at FROM visit_offer o LEFT JOIN caregiver c ON c.id = o.taken_by
WHERE o.visit_id = $1 AND o.caregiver_id = $2 ORDER BY o.offered_at DESC, o.id DESC LIMIT 1

-- first_open --
-- Who of those still asked is nearest. $1 visit
SELECT caregiver_id FROM visit_offer WHERE visit_id = $1 AND state = 'open' ORDER BY eta_min, caregiver_id LIMIT 1

-- answer_offer --
-- Somebody's answer, once; one that comes late counts, if nobody was faster. $1 visit $2 caregiver $3 state $4 now $5 reason
UPDATE visit_offer SET state = $3, answered_at = $4, reason = $5
WHERE id = (SELECT id FROM visit_offer WHERE visit_id = $1 AND caregiver_id = $2 ORDER BY offered_at DESC, id DESC LIMIT 1)
  AND state IN ('open', 'timed_out') RETURNING id

-- is_held --
-- Whether somebody is asked for another emergency, or on one. $1 caregiver $2 visit
SELECT EXISTS (SELECT FROM visit_offer WHERE caregiver_id = $1 AND visit_id <> $2 AND state = 'open')
    OR EXISTS (SELECT FROM visit WHERE caregiver_id = $1 AND id <> $2 AND case_id IS NOT NULL
               AND state IN ('offered', 'accepted', 'en_route', 'in_progress'))

-- close_others --
-- The others who were asked are told who was faster. $1 visit $2 who has it $3 now
UPDATE visit_offer SET state = 'taken', answered_at = $3, taken_by = $2 WHERE visit_id = $1 AND state = 'open' AND caregiver_id <> $2
RETURNING caregiver_id

-- withdraw_offers --
-- Nobody is asked any more. $1 visit $2 now
UPDATE visit_offer SET state = 'withdrawn', answered_at = $2 WHERE visit_id = $1 AND state = 'open' RETURNING caregiver_id

-- list_overdue --
-- Visits with an offer that was not answered in time. $1 now $2 most
SELECT DISTINCT visit_id FROM visit_offer WHERE state = 'open' AND answer_by <= $1 LIMIT $2

-- time_out --
-- Who did not answer in time. $1 visit $2 now
UPDATE visit_offer SET state = 'timed_out', answered_at = $2 WHERE visit_id = $1 AND state = 'open' AND answer_by <= $2
RETURNING caregiver_id

-- list_of_visit --
-- Everybody who was asked, in order. $1 visit
SELECT o.id, o.visit_id, o.caregiver_id, c.name AS caregiver_name, o.ring, o.state, o.eta_min, o.distance_km, o.offered_at, o.answer_by,
       o.answered_at, o.reason, o.taken_by, t.name AS taken_by_name
FROM visit_offer o JOIN caregiver c ON c.id = o.caregiver_id LEFT JOIN caregiver t ON t.id = o.taken_by
WHERE o.visit_id = $1 ORDER BY o.offered_at, o.eta_min, o.id

-- agree_on --
-- A provider helps another out. $1 district $2 provider $3 neighbour $4 from $5 to $6 account
INSERT INTO provider_agreement (district_id, provider_id, neighbour_id, valid_from, valid_to, agreed_by) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (provider_id, neighbour_id, valid_from) DO UPDATE SET valid_to = excluded.valid_to, agreed_by = excluded.agreed_by

-- list_neighbours --
-- Who helps a provider out on a day. $1 provider $2 day
SELECT neighbour_id FROM provider_agreement WHERE provider_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
