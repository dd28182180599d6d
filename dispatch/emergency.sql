-- lock_assignment --
-- One emergency assignment at a time in a district: nobody is sent twice. $1 district
SELECT pg_advisory_xact_lock(7419003, hashtext($1::text))

-- find_sent --
-- Whom a case has been sent, or else its visit of a service that nobody has taken. $1 case $2 service
SELECT v.id, v.caregiver_id, c.name, v.offered_at, v.state FROM visit v LEFT JOIN caregiver c ON c.id = v.caregiver_id
WHERE v.case_id = $1 AND (v.state IN ('offered', 'accepted', 'en_route', 'in_progress') OR (v.state = 'wanted' AND v.service = $2))
ORDER BY v.state = 'wanted', v.id LIMIT 1

-- create_offer --
-- A visit wanted now, and offered. $1 id $2 district $3 elder $4 bed $5 case $6 service $7 priority $8 now $9 until $10 minutes $11 provider $12 caregiver $13 why
INSERT INTO visit (id, district_id, elder_id, care_bed_id, case_id, service, priority, state, window_start, window_end, minutes,
                   provider_id, caregiver_id, why, wanted_at, offered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'offered', $8, $9, $10, $11, $12, $13, $8, $8)

-- offer_again --
-- The same visit to somebody. $1 id $2 state it is in $3 provider $4 caregiver $5 why $6 now
UPDATE visit SET state = 'offered', provider_id = $3, caregiver_id = $4, why = $5, offered_at = $6, retry_at = NULL
WHERE id = $1 AND state = $2 RETURNING id

-- offer_nobody --
-- The visit waits, and is tried again. $1 id $2 why $3 retry at
UPDATE visit SET state = 'wanted', provider_id = NULL, caregiver_id = NULL, why = $2, offered_at = NULL, retry_at = $3
WHERE id = $1 AND state IN ('offered', 'wanted') RETURNING id

-- name_asked --
-- Of several who are asked, whom pages name. $1 id $2 caregiver
UPDATE visit v SET caregiver_id = $2, provider_id = c.provider_id FROM caregiver c WHERE v.id = $1 AND v.state = 'offered' AND c.id = $2
RETURNING v.id

-- lock_caregiver --
-- Whose day is changed; plans and rosters that change it too follow. $1 caregiver
SELECT ended_at FROM caregiver WHERE id = $1 FOR NO KEY UPDATE

-- offer_late --
-- A visit that waits, to who was silent and says yes after all. $1 id $2 caregiver $3 now
UPDATE visit v SET state = 'offered', caregiver_id = $2, provider_id = c.provider_id, offered_at = $3, retry_at = NULL
FROM caregiver c WHERE v.id = $1 AND v.state = 'wanted' AND c.id = $2 RETURNING c.name

-- explain --
-- Why this one. $1 id $2 why
UPDATE visit SET why = $2 WHERE id = $1

-- accept --
-- The first who accepts has it. $1 id $2 caregiver $3 now
UPDATE visit v SET state = 'accepted', caregiver_id = $2, provider_id = c.provider_id, accepted_at = $3
FROM caregiver c WHERE v.id = $1 AND v.state = 'offered' AND c.id = $2 RETURNING v.id

-- last_ring --
-- How far out it was asked. $1 visit
SELECT coalesce(max(ring), 0) FROM visit_offer WHERE visit_id = $1

-- list_retry --
-- Emergencies that nobody could take, to be tried again. $1 now $2 most
SELECT id FROM visit WHERE retry_at <= $1 AND state = 'wanted' AND case_id IS NOT NULL ORDER BY retry_at LIMIT $2

-- try_later --
-- Still nobody. $1 visit $2 retry at
UPDATE visit SET retry_at = $2 WHERE id = $1

-- list_unanswered --
-- Emergencies that nobody has accepted for long, told of once. $1 wanted before $2 most
SELECT v.id, v.case_id FROM visit v JOIN care_case c ON c.id = v.case_id
WHERE v.state IN ('offered', 'wanted') AND v.alarmed_at IS NULL AND v.wanted_at <= $1 AND c.state IN ('claimed', 'verified', 'dispatched')
ORDER BY v.wanted_at LIMIT $2

-- alarm_visit --
-- It has been told. $1 visit $2 now
UPDATE visit SET alarmed_at = $2 WHERE id = $1 AND alarmed_at IS NULL RETURNING id
