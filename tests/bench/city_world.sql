-- make_homes --
-- Homes as another, elsewhere. $1 ids $2 lats $3 lons $4 another
INSERT INTO home (id, district_id, address_sealed, lat, lon, qr_secret, created_at)
SELECT n.id, h.district_id, h.address_sealed, n.lat, n.lon, h.qr_secret, h.created_at
FROM home h, unnest($1::uuid[], $2::float8[], $3::float8[]) n(id, lat, lon) WHERE h.id = $4

-- make_elders --
-- An elder in each home (the same id). $1 ids $2 another
INSERT INTO elder (id, district_id, home_id, name, gender, born_on, id_number_sealed, id_number_index, languages, lives_alone, created_at)
SELECT n.id, e.district_id, n.id, e.name, e.gender, e.born_on, e.id_number_sealed, decode(replace(n.id::text, '-', ''), 'hex'), e.languages,
       true, e.created_at
FROM elder e, unnest($1::uuid[]) n(id) WHERE e.id = $2

-- wish_gender --
-- Only this gender. $1 ids $2 district $3 elders $4 genders $5 day $6 now
INSERT INTO elder_wish (id, district_id, elder_id, kind, value, is_hard, wished_by, since, created_at)
SELECT n.id, $2, n.elder, 'gender', n.gender, true, 'elder', $5, $6
FROM unnest($1::uuid[], $3::uuid[], $4::text[]) n(id, elder, gender)

-- make_visits --
-- A day as it stands at now: done, under way, or ahead. $1 district $2 now $3 ids $4 elders $5 services $6 from $7 to $8 minutes $9 caregivers $10 starts
INSERT INTO visit (id, district_id, elder_id, service, state, window_start, window_end, minutes, caregiver_id, planned_start, planned_end,
                   promised_at, wanted_at, offered_at, accepted_at, started_at, ended_at)
SELECT n.id, $1, n.elder, n.service,
       CASE WHEN n.begins + make_interval(mins => n.minutes) <= $2 THEN 'verified' WHEN n.begins <= $2 THEN 'in_progress' ELSE 'accepted' END,
       n.since, n.until, n.minutes, n.caregiver, n.begins, n.begins + make_interval(mins => n.minutes), $2, $2, $2, $2,
       CASE WHEN n.begins <= $2 THEN n.begins END,
       CASE WHEN n.begins + make_interval(mins => n.minutes) <= $2 THEN n.begins + make_interval(mins => n.minutes) END
FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::int[], $9::uuid[], $10::timestamptz[])
  n(id, elder, service, since, until, minutes, caregiver, begins)

-- place_everybody --
-- Everybody was seen where their last visit ended.
INSERT INTO caregiver_position (caregiver_id, district_id, lat, lon, accuracy_m, at)
SELECT DISTINCT ON (v.caregiver_id) v.caregiver_id, v.district_id, h.lat, h.lon, 15, v.ended_at
FROM visit v JOIN elder e ON e.id = v.elder_id JOIN home h ON h.id = e.home_id WHERE v.ended_at IS NOT NULL
ORDER BY v.caregiver_id, v.ended_at DESC

-- count_open --
-- Visits that are not over.
SELECT count(*)::int FROM visit WHERE state IN ('accepted', 'in_progress')

-- make_cases --
-- Claimed calls for help of some people. $1 ids $2 district $3 elders $4 now $5 operator
INSERT INTO care_case (id, district_id, elder_id, class, type, severity, state, opened_at, last_alarm_at, claimed_by, claimed_at, policy)
SELECT n.id, $2, n.elder, 'care', 'sos', 1, 'claimed', $4, $4, $5, $4, '{"steps": [{"audience": "operators", "wait_seconds": 60}]}'
FROM unnest($1::uuid[], $3::uuid[]) n(id, elder)

-- save_visits --
-- The day as it was.
CREATE TABLE visit_before AS SELECT * FROM visit

-- put_back --
-- The day as it was, where it is not.
UPDATE visit v SET state = b.state, caregiver_id = b.caregiver_id, provider_id = b.provider_id, planned_start = b.planned_start,
  planned_end = b.planned_end, window_end = b.window_end, promised_at = b.promised_at, started_at = b.started_at, check_in = b.check_in,
  offered_at = b.offered_at, accepted_at = b.accepted_at, why = b.why
FROM visit_before b WHERE v.id = b.id AND (v.state, v.caregiver_id, v.planned_start) IS DISTINCT FROM (b.state, b.caregiver_id, b.planned_start)

-- call_off --
-- The emergency is over.
UPDATE visit SET state = 'cancelled' WHERE case_id IS NOT NULL AND state <> 'cancelled'

-- learn --
-- Statistics, as a database that has run for a while has them.
ANALYZE
