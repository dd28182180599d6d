-- create_conflict --
-- A refused record under its own id. $1 id $2 district $3 caregiver $4 visit as named $5 verb $6 said $7 said at $8 now $9 status $10 code $11 reason
INSERT INTO phone_conflict (id, district_id, caregiver_id, visit_id, verb, said, said_at, received_at, status, code, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING RETURNING true

-- find_visit --
-- The visit that a phone named, if there is one. $1 visit or null
SELECT id FROM visit WHERE id = $1

-- list_open --
-- What is not settled, with whose it is; the visit that a phone named is told to its provider, or to whose people had to do with it. $1 provider or null
SELECT f.id, f.caregiver_id, c.name AS caregiver_name, p.name AS provider_name, f.visit_id, f.verb, f.said, f.said_at, f.received_at,
       f.status, f.code, f.reason, v.service, v.elder_name, v.state AS visit_state, v.window_start
FROM phone_conflict f JOIN caregiver c ON c.id = f.caregiver_id JOIN provider p ON p.id = c.provider_id
LEFT JOIN visit_shown v ON v.id = f.visit_id
  AND ($1::uuid IS NULL OR v.provider_id = c.provider_id OR f.caregiver_id IN (v.caregiver_id, v.companion_id)
       OR EXISTS (SELECT FROM visit_offer o WHERE o.visit_id = v.id AND o.caregiver_id = f.caregiver_id))
WHERE f.settled_at IS NULL AND ($1::uuid IS NULL OR c.provider_id = $1) ORDER BY f.received_at, f.id LIMIT 200

-- list_settled --
-- A caregiver's records that have been settled. $1 caregiver $2 since
SELECT id, note FROM phone_conflict WHERE caregiver_id = $1 AND settled_at >= $2 ORDER BY settled_at

-- settle_conflict --
-- What came of it. $1 record $2 account $3 now $4 note $5 provider or null
UPDATE phone_conflict f SET settled_by = $2, settled_at = $3, note = $4 FROM caregiver c
WHERE f.id = $1 AND f.settled_at IS NULL AND c.id = f.caregiver_id AND ($5::uuid IS NULL OR c.provider_id = $5) RETURNING f.id

-- conflict_exists --
-- Is there such a record? $1 record $2 provider or null
SELECT EXISTS (SELECT FROM phone_conflict f JOIN caregiver c ON c.id = f.caregiver_id
               WHERE f.id = $1 AND ($2::uuid IS NULL OR c.provider_id = $2))
