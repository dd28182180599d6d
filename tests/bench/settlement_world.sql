-- make_homes --
-- One home a person (the same id). $1 district $2 persons
INSERT INTO home (id, district_id, address_sealed, lat, lon, qr_secret, created_at)
SELECT uuid_at(1700000000000 + nth), $1, '\x00', 37.8, 118.5, '\x00', '2026-01-01' FROM generate_series(1, $2::int) nth

-- make_elders --
-- Their persons. $1 district
INSERT INTO elder (id, district_id, home_id, name, gender, born_on, id_number_sealed, id_number_index, created_at)
SELECT id, district_id, id, 'elder', 'female', '1940-01-01', '\x00', uuid_send(id), created_at FROM home WHERE district_id = $1

-- make_grades --
-- Their grades, five kinds in turn; one in ten changes on the 15th. $1 district
WITH numbered AS (SELECT id, district_id, row_number() OVER (ORDER BY id) AS nth FROM elder WHERE district_id = $1)
INSERT INTO grade (id, district_id, elder_id, scale, grade, valid_from, valid_to, recorded_at)
SELECT gen_random_uuid(), district_id, id, 'gbt_42195', (ARRAY['intact', 'mild', 'moderate', 'severe', 'total'])[1 + nth % 5], DATE '2026-01-01',
       CASE WHEN nth % 10 = 0 THEN DATE '2026-11-14' END, now() FROM numbered
UNION ALL
SELECT gen_random_uuid(), district_id, id, 'gbt_42195', (ARRAY['intact', 'mild', 'moderate', 'severe', 'total'])[1 + (nth / 10) % 5], '2026-11-15', NULL, now()
FROM numbered WHERE nth % 10 = 0

-- make_enrolments --
-- Everybody is in the scheme. $1 district $2 scheme
INSERT INTO enrolment (id, district_id, elder_id, scheme_code, valid_from) SELECT gen_random_uuid(), district_id, id, $2, '2026-01-01' FROM elder WHERE district_id = $1

-- make_caregivers --
-- A hundred a provider. $1 district
INSERT INTO caregiver (id, district_id, provider_id, name, gender, skills, lat, lon, created_at)
SELECT gen_random_uuid(), p.district_id, p.id, 'caregiver', 'female', '{care}', 37.8, 118.5, now() FROM provider p, generate_series(1, 100) WHERE p.district_id = $1

-- make_visits --
-- So many verified visits a person, over the month; a caregiver of the person's provider goes. $1 district $2 visits a person
WITH carer AS (
  SELECT id, provider_id, row_number() OVER (ORDER BY provider_id, id) - 1 AS no FROM caregiver WHERE district_id = $1
), person AS (
  SELECT id, row_number() OVER (ORDER BY id) AS nth FROM elder WHERE district_id = $1
), day AS (
  SELECT p.id AS elder_id, p.nth, v, c.id AS caregiver_id, c.provider_id,
         TIMESTAMPTZ '2026-10-31 16:00Z' + make_interval(mins => ((v * 3600 + p.nth * 7 + v * 13) % 43200)::int) AS starts
  FROM person p CROSS JOIN generate_series(0, $2::int - 1) v JOIN carer c ON c.no = p.nth % (SELECT count(*) FROM carer)
)
INSERT INTO visit (id, district_id, elder_id, service, state, window_start, window_end, minutes, provider_id, caregiver_id, wanted_at, started_at, ended_at, record)
SELECT uuid_at(1761926400000 + nth * 12 + v), $1, elder_id, (ARRAY['meal', 'clean', 'bath', 'walk', 'medical', 'emergency'])[1 + (nth + v) % 6], 'verified',
       starts, starts + interval '45 minutes', 45, provider_id, caregiver_id, starts, starts, starts + interval '45 minutes', '{}' FROM day

-- make_proofs --
-- One visit in fifty is doubted, one in five hundred contradicted. $1 district
INSERT INTO visit_proof (visit_id, district_id, verdict, elements, witnesses, decided_at)
SELECT id, district_id, CASE WHEN hashtext(id::text) % 500 = 0 THEN 'contradicted' WHEN hashtext(id::text) % 50 = 0 THEN 'doubted' ELSE 'proven' END,
       '{"place": {"ok": false, "code": "far"}, "times": {"ok": true, "code": "ok"}}', '[{"witness": "phone", "says": "agrees"}]', ended_at FROM visit WHERE district_id = $1

-- make_waiting --
-- They wait for their price. $1 district
INSERT INTO unpriced_visit (visit_id, district_id, code, detail, noticed_at, next_try_at)
SELECT id, district_id, 'new', '{}', ended_at, 'epoch' FROM visit WHERE district_id = $1

-- make_copy --
-- A table like claim, with its indexes and checks, for the reference.
CREATE TABLE bare_claim (LIKE claim INCLUDING ALL)

-- copy_bare --
-- The reference: a district's rows written once more, nothing computed. $1 district
INSERT INTO bare_claim SELECT * FROM claim WHERE district_id = $1

-- list_backends --
-- The server's processes.
SELECT pid FROM pg_stat_activity ORDER BY pid
