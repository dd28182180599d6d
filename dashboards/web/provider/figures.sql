-- list_week --
-- What each caregiver's week came to: paid, with elders, on the way, how many visits and how many of them known. $1 provider or null $2 since $3 until $4 road factor
WITH made AS (
  SELECT w.caregiver_id, w.caregiver_id = v.caregiver_id AS leads, v.id, v.elder_id, v.lat, v.lon, v.state, v.minutes, v.window_start, v.window_end, v.started_at,
         coalesce(v.started_at, v.planned_start, v.window_start) AS starts_at,
         CASE WHEN v.ended_at > v.started_at THEN extract(epoch FROM v.ended_at - v.started_at) / 60 ELSE v.minutes END AS took,
         (coalesce(v.started_at, v.planned_start, v.window_start) AT TIME ZONE 'Asia/Shanghai')::date AS on_
  FROM visit_shown v, LATERAL (VALUES (v.caregiver_id), (v.companion_id)) w (caregiver_id)
  WHERE w.caregiver_id IS NOT NULL AND v.window_start BETWEEN $2::timestamptz - interval '1 day' AND $3::timestamptz
    AND v.state NOT IN ('wanted', 'cancelled', 'reassigned', 'missed')
    AND coalesce(v.started_at, v.planned_start, v.window_start) >= $2 AND coalesce(v.started_at, v.planned_start, v.window_start) < $3
), ways AS (
  SELECT m.*, great_circle_km(coalesce(lag(m.lat) OVER round, c.lat), coalesce(lag(m.lon) OVER round, c.lon), m.lat, m.lon) * $4 AS km,
         c.speed_kmh
  FROM made m JOIN caregiver c ON c.id = m.caregiver_id
  WINDOW round AS (PARTITION BY m.caregiver_id, m.on_ ORDER BY m.starts_at, m.id)
), done AS (
  SELECT caregiver_id, count(*) AS visits, count(DISTINCT elder_id) AS elders, sum(took) AS visit_min, sum(km) AS km,
         sum(2 + km / speed_kmh * 60) AS travel_min, count(*) FILTER (WHERE state IN ('completed', 'verified')) AS finished,
         count(*) FILTER (WHERE started_at > window_end + interval '15 minutes') AS late
  FROM ways GROUP BY caregiver_id
), met AS (
  SELECT elder_id, caregiver_id, max(window_start) AS last FROM visit
  WHERE state IN ('completed', 'verified') AND started_at < $2 AND window_start >= $2::timestamptz - interval '90 days' GROUP BY 1, 2
), familiar AS (
  SELECT m.caregiver_id, count(*) FILTER (WHERE greatest(h.last, m.last) >= m.starts_at - interval '90 days') AS known
  FROM (SELECT *, max(window_start) FILTER (WHERE leads AND started_at IS NOT NULL AND state IN ('completed', 'verified'))
                  OVER (PARTITION BY elder_id, caregiver_id ORDER BY starts_at GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last
        FROM made) m
  LEFT JOIN met h ON h.elder_id = m.elder_id AND h.caregiver_id = m.caregiver_id GROUP BY m.caregiver_id
), paid AS (
  SELECT caregiver_id, sum(extract(epoch FROM least(ends_at, $3) - greatest(starts_at, $2)) / 60) - sum(break_minutes) AS paid_min
  FROM shift WHERE starts_at < $3 AND ends_at > $2 GROUP BY caregiver_id
), away AS (
  SELECT l.caregiver_id, sum(extract(epoch FROM least(l.ends_at, s.ends_at, $3) - greatest(l.starts_at, s.starts_at, $2)) / 60) AS away_min
  FROM leave l JOIN shift s ON s.caregiver_id = l.caregiver_id AND s.starts_at < least(l.ends_at, $3) AND s.ends_at > greatest(l.starts_at, $2)
  WHERE l.state = 'approved' GROUP BY l.caregiver_id
)
SELECT c.id, c.name, p.name AS provider_name, coalesce(t.paid_min, 0)::float8 AS paid_min, coalesce(a.away_min, 0)::float8 AS away_min,
       coalesce(d.visits, 0) AS visits, coalesce(d.finished, 0) AS finished, coalesce(d.elders, 0) AS elders,
       coalesce(d.visit_min, 0)::float8 AS visit_min, coalesce(d.travel_min, 0)::float8 AS travel_min, coalesce(d.km, 0)::float8 AS km,
       coalesce(f.known, 0) AS known, coalesce(d.late, 0) AS late
FROM caregiver c JOIN provider p ON p.id = c.provider_id LEFT JOIN done d ON d.caregiver_id = c.id
LEFT JOIN familiar f ON f.caregiver_id = c.id LEFT JOIN paid t ON t.caregiver_id = c.id LEFT JOIN away a ON a.caregiver_id = c.id
WHERE ($1::uuid IS NULL OR c.provider_id = $1) AND (c.ended_at IS NULL OR d.visits > 0)
ORDER BY c.name, c.id

-- list_faces --
-- How many different people came to the elders of a week, leading or coming along. $1 provider or null $2 since $3 until
SELECT count(*) AS elders, coalesce(avg(faces), 0)::float8 AS faces, count(*) FILTER (WHERE faces = 1) AS one_face
FROM (SELECT v.elder_id, count(DISTINCT v.caregiver_id) AS faces FROM visit v
      WHERE v.caregiver_id IS NOT NULL AND v.state IN ('completed', 'verified') AND v.window_start >= $2 AND v.window_start < $3
        AND ($1::uuid IS NULL OR v.provider_id = $1) GROUP BY v.elder_id) e
