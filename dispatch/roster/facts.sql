-- list_workers --
-- Caregivers who work here. $1 provider or null
SELECT c.id, c.name, c.provider_id, c.gender, c.skills, c.languages, c.lat, c.lon, c.vehicle, c.speed_kmh
FROM caregiver c JOIN provider p ON p.id = c.provider_id
WHERE c.ended_at IS NULL AND p.ended_at IS NULL AND ($1::uuid IS NULL OR c.provider_id = $1) ORDER BY c.id

-- list_certified --
-- Every certificate of those who work here.
SELECT t.caregiver_id, t.skill, t.valid_from, t.valid_to FROM certificate t JOIN caregiver c ON c.id = t.caregiver_id
WHERE c.ended_at IS NULL ORDER BY t.caregiver_id, t.valid_to

-- list_on_shift --
-- Shifts that touch a span. $1 since $2 until
SELECT id, caregiver_id, starts_at, ends_at, break_from, break_to, break_minutes
FROM shift WHERE starts_at BETWEEN $1::timestamptz - interval '48 hours' AND $2 AND starts_at < $2 AND ends_at > $1 ORDER BY caregiver_id, starts_at

-- list_away --
-- Approved leave that touches a span. $1 since $2 until
SELECT caregiver_id, starts_at, ends_at, kind FROM leave
WHERE state = 'approved' AND starts_at < $2 AND ends_at > $1 ORDER BY caregiver_id, starts_at

-- list_covered --
-- What every provider has undertaken.
SELECT provider_id, service, region_code, response_minutes, capacity, valid_from, valid_to FROM coverage ORDER BY provider_id, id

-- list_wishes_on --
-- Wishes in force on a day. $1 day $2 elders or null
SELECT elder_id, kind, caregiver_id, value, is_hard FROM elder_wish
WHERE since <= $1 AND (ended_on IS NULL OR ended_on > $1) AND ($2::uuid[] IS NULL OR elder_id = ANY ($2)) ORDER BY elder_id, id

-- count_seen --
-- Who made an elder's visits, leading or coming along. $1 since $2 before $3 elders or null
SELECT elder_id, caregiver_id, count(*)::int AS visits FROM (
  SELECT elder_id, caregiver_id FROM visit
  WHERE state IN ('completed', 'verified') AND caregiver_id IS NOT NULL AND started_at >= $1 AND started_at < $2
    AND ($3::uuid[] IS NULL OR elder_id = ANY ($3))
  UNION ALL
  SELECT v.elder_id, w.caregiver_id FROM visit_companion w JOIN visit v ON v.id = w.visit_id
  WHERE w.started_at >= $1 AND w.started_at < $2 AND ($3::uuid[] IS NULL OR v.elder_id = ANY ($3))
) made GROUP BY elder_id, caregiver_id
