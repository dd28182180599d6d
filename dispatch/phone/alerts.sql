-- raise_alert --
-- A caregiver's alarm under the phone's id. $1 id $2 district $3 caregiver $4 visit $5 kind $6 said at $7 now $8 lat $9 lon $10 accuracy $11 told again at
INSERT INTO caregiver_alert (id, district_id, caregiver_id, visit_id, kind, state, said_at, received_at, lat, lon, accuracy_m, escalate_at)
VALUES ($1, $2, $3, $4, $5, 'raised', $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING RETURNING true

-- find_position --
-- Where a caregiver was last. $1 caregiver
SELECT lat, lon, accuracy_m FROM caregiver_position WHERE caregiver_id = $1

-- end_overdue --
-- The caregiver has been heard of. $1 visit $2 caregiver $3 now $4 outcome
UPDATE caregiver_alert SET state = 'closed', closed_at = $3, outcome = $4, escalate_at = NULL
WHERE visit_id = $1 AND caregiver_id = $2 AND kind = 'overdue' AND state <> 'closed' RETURNING id, district_id, caregiver_id

-- find_alert --
-- One alert with who it is about. $1 alert
SELECT a.id, a.district_id, a.caregiver_id, c.name AS caregiver_name, c.phone_sealed, c.provider_id, p.name AS provider_name, a.visit_id,
       a.kind, a.state, a.said_at, a.received_at, a.lat, a.lon, a.accuracy_m, a.taken_by, t.name AS taken_name, a.taken_at, a.closed_at,
       a.outcome, v.service, v.elder_name, v.lat AS home_lat, v.lon AS home_lon
FROM caregiver_alert a JOIN caregiver c ON c.id = a.caregiver_id JOIN provider p ON p.id = c.provider_id
LEFT JOIN account t ON t.id = a.taken_by LEFT JOIN visit_shown v ON v.id = a.visit_id WHERE a.id = $1

-- list_open --
-- What is not closed, with who it is about. $1 of one provider only? $2 which
SELECT a.id, a.district_id, a.caregiver_id, c.name AS caregiver_name, c.phone_sealed, c.provider_id, p.name AS provider_name, a.visit_id,
       a.kind, a.state, a.said_at, a.received_at, a.lat, a.lon, a.accuracy_m, a.taken_by, t.name AS taken_name, a.taken_at, a.closed_at,
       a.outcome, v.service, v.elder_name, v.lat AS home_lat, v.lon AS home_lon
FROM caregiver_alert a JOIN caregiver c ON c.id = a.caregiver_id JOIN provider p ON p.id = c.provider_id
LEFT JOIN account t ON t.id = a.taken_by LEFT JOIN visit_shown v ON v.id = a.visit_id
WHERE a.state <> 'closed' AND (NOT $1::boolean OR c.provider_id = $2) ORDER BY a.state <> 'raised', a.received_at LIMIT 100

-- take_alert --
-- The first takes it. $1 alert $2 account $3 now
UPDATE caregiver_alert SET state = 'taken', taken_by = $2, taken_at = $3, escalate_at = NULL
WHERE id = $1 AND state = 'raised' RETURNING id

-- close_alert --
-- What came of it. $1 alert $2 account $3 now $4 outcome
UPDATE caregiver_alert SET state = 'closed', closed_by = $2, closed_at = $3, outcome = $4, escalate_at = NULL
WHERE id = $1 AND state <> 'closed' RETURNING id

-- escalate_due --
-- Tell again of what nobody has taken. $1 now $2 next time
UPDATE caregiver_alert SET escalate_at = $2
WHERE id IN (SELECT id FROM caregiver_alert WHERE escalate_at <= $1 AND state = 'raised' ORDER BY escalate_at LIMIT 100
             FOR UPDATE SKIP LOCKED)
RETURNING id, district_id, caregiver_id, visit_id
