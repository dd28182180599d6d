-- list_visits --
-- Visits of a local month that were checked out of, with their proof, place, person and claim. $1 since $2 until
SELECT v.id, v.elder_id, v.caregiver_id, v.provider_id, v.service, v.minutes, v.case_id, v.check_in, v.check_out, v.started_at, v.ended_at,
       w.caregiver_id AS companion_id, h.id AS home_id, h.lat, h.lon, p.verdict, p.elements, p.witnesses, c.amount, c.grade,
       EXISTS (SELECT 1 FROM visit_correction k WHERE k.visit_id = v.id AND k.state = 'approved') AS is_corrected
FROM visit v JOIN visit_proof p ON p.visit_id = v.id JOIN elder e ON e.id = v.elder_id LEFT JOIN care_bed b ON b.id = v.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) LEFT JOIN visit_companion w ON w.visit_id = v.id LEFT JOIN claim c ON c.visit_id = v.id
WHERE v.ended_at >= $1 AND v.started_at >= $1 AND v.started_at < $2 AND v.state IN ('completed', 'verified') AND v.caregiver_id IS NOT NULL
ORDER BY v.id

-- list_photos --
-- Photos of those visits, by visit. $1 since $2 until
SELECT p.visit_id, p.digest, p.taken_at FROM visit_photo p JOIN visit v ON v.id = p.visit_id
WHERE v.ended_at >= $1 AND v.started_at >= $1 AND v.started_at < $2 AND v.state IN ('completed', 'verified') ORDER BY p.visit_id, p.id

-- list_deaths --
-- Who has died before the end of the month. $1 last day
SELECT id, died_on FROM elder WHERE died_on <= $1

-- list_absences --
-- Who was away in the month. $1 first day $2 last day
SELECT elder_id, kind, starts_on, ends_on FROM absence WHERE starts_on <= $2 AND (ends_on IS NULL OR ends_on >= $1) ORDER BY elder_id, starts_on

-- list_vehicles --
-- What caregivers drive.
SELECT id, vehicle FROM caregiver
