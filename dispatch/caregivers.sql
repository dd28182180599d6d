-- create_caregiver --
-- A caregiver. $1 id $2 district $3 provider $4 name $5 gender $6 phone $7 skills $8 languages $9 lat $10 lon $11 speed
-- $12 now $13 vehicle $14 staff number $15 own limits of working time
INSERT INTO caregiver (id, district_id, provider_id, name, gender, phone_sealed, skills, languages, lat, lon, speed_kmh, created_at,
  vehicle, staff_number, working_time)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

-- find_caregiver --
-- One caregiver with the last known position. $1 id
SELECT c.id, c.district_id, c.provider_id, p.name AS provider_name, c.name, c.gender, c.phone_sealed, c.skills, c.languages,
       c.lat, c.lon, c.speed_kmh, c.vehicle, c.staff_number, c.working_time, c.created_at, c.ended_at,
       l.lat AS last_lat, l.lon AS last_lon, l.accuracy_m AS last_accuracy_m, l.at AS last_at
FROM caregiver c JOIN provider p ON p.id = c.provider_id LEFT JOIN caregiver_position l ON l.caregiver_id = c.id WHERE c.id = $1

-- list_caregivers --
-- Caregivers by id, those who left apart. $1 provider or null $2 after or null $3 most
SELECT c.id, c.district_id, c.provider_id, p.name AS provider_name, c.name, c.gender, c.phone_sealed, c.skills, c.languages,
       c.lat, c.lon, c.speed_kmh, c.vehicle, c.staff_number, c.working_time, c.created_at, c.ended_at,
       l.lat AS last_lat, l.lon AS last_lon, l.accuracy_m AS last_accuracy_m, l.at AS last_at
FROM caregiver c JOIN provider p ON p.id = c.provider_id LEFT JOIN caregiver_position l ON l.caregiver_id = c.id
WHERE c.ended_at IS NULL AND ($1::uuid IS NULL OR c.provider_id = $1) AND ($2::uuid IS NULL OR c.id > $2) ORDER BY c.id LIMIT $3

-- end_caregiver --
-- A caregiver leaves. $1 id $2 now
UPDATE caregiver SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING id

-- set_position --
-- Where somebody was last; an older position (sent late) never replaces a newer one. $1 caregiver $2 district $3 lat $4 lon $5 accuracy $6 at
INSERT INTO caregiver_position (caregiver_id, district_id, lat, lon, accuracy_m, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (caregiver_id) DO UPDATE
SET lat = excluded.lat, lon = excluded.lon, accuracy_m = excluded.accuracy_m, at = excluded.at
WHERE caregiver_position.at < excluded.at

-- create_certificate --
-- A certificate. $1 id $2 district $3 caregiver $4 skill $5 name $6 from $7 to
INSERT INTO certificate (id, district_id, caregiver_id, skill, name, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- list_certificates --
-- A caregiver's certificates. $1 caregiver
SELECT id, caregiver_id, skill, name, valid_from, valid_to FROM certificate WHERE caregiver_id = $1 ORDER BY valid_to, id

-- update_caregiver --
-- Another name, skill, base, vehicle …. $1 id $2 name $3 gender $4 phone $5 skills $6 languages $7 lat $8 lon $9 speed $10 vehicle
-- $11 staff number $12 own limits of working time
UPDATE caregiver SET name = $2, gender = $3, phone_sealed = $4, skills = $5, languages = $6, lat = $7, lon = $8, speed_kmh = $9,
  vehicle = $10, staff_number = $11, working_time = $12 WHERE id = $1 AND ended_at IS NULL RETURNING id

-- list_ending --
-- Certificates that end by a day or have ended, no later one of the same skill in force after it. $1 provider or null $2 day
SELECT t.id, t.caregiver_id, c.name AS caregiver_name, t.skill, t.name, t.valid_to
FROM certificate t JOIN caregiver c ON c.id = t.caregiver_id
WHERE c.ended_at IS NULL AND t.skill = ANY (c.skills) AND t.valid_to <= $2 AND ($1::uuid IS NULL OR c.provider_id = $1)
  AND NOT EXISTS (SELECT FROM certificate o WHERE o.caregiver_id = t.caregiver_id AND o.skill = t.skill AND o.valid_to > t.valid_to)
ORDER BY t.valid_to, t.id
