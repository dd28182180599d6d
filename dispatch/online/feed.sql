-- list_changes --
-- What has changed since a book was last read, and what this transaction itself has written, which may yet be undone. $1 district $2 snapshot then $3 transaction that read it
SELECT pg_current_snapshot()::text AS snapshot, pg_current_xact_id_if_assigned()::text AS xid, current_database() AS database,
       array(SELECT DISTINCT visit_id FROM book_change WHERE district_id = $1 AND visit_id IS NOT NULL
             AND ((xid >= pg_snapshot_xmin($2::text::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $2::text::pg_snapshot))
                  OR xid = $3::text::xid8)) AS visits,
       EXISTS (SELECT FROM book_change WHERE district_id = $1 AND visit_id IS NULL
               AND ((xid >= pg_snapshot_xmin($2::text::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $2::text::pg_snapshot))
                    OR xid = $3::text::xid8)) AS people,
       array(SELECT DISTINCT visit_id FROM book_change WHERE district_id = $1 AND xid = pg_current_xact_id_if_assigned()) AS own

-- find_snapshot --
-- What is committed now (a book that is read after this misses nothing that changes later), and what this transaction has written. $1 district
SELECT pg_current_snapshot()::text AS snapshot, pg_current_xact_id_if_assigned()::text AS xid, current_database() AS database,
       array(SELECT DISTINCT visit_id FROM book_change WHERE district_id = $1 AND xid = pg_current_xact_id_if_assigned()) AS own

-- list_stops --
-- What people of the district have to do: under way, or beginning within a span. $1 district $2 since $3 until
SELECT v.id, v.caregiver_id, w.caregiver_id AS companion_id, v.state, v.service, v.priority, v.elder_id, v.provider_id, v.case_id,
       h.lat, h.lon, h.region_code, e.languages, v.window_start, v.window_end, v.windows, v.minutes, v.planned_start, v.started_at,
       v.promised_at IS NOT NULL AS is_promised, v.is_pinned,
       v.staff > 1 OR v.follows_id IS NOT NULL OR EXISTS (SELECT FROM visit f WHERE f.follows_id = v.id
                                                          AND f.state IN ('offered', 'accepted', 'en_route')) AS is_fixed
FROM visit v JOIN elder e ON e.id = v.elder_id LEFT JOIN care_bed b ON b.id = v.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) LEFT JOIN visit_companion w ON w.visit_id = v.id
WHERE v.district_id = $1 AND v.state IN ('offered', 'accepted', 'en_route', 'in_progress') AND v.caregiver_id IS NOT NULL
  AND v.window_start >= $2::timestamptz - interval '8 days' AND v.window_start < $3::timestamptz + interval '8 days'
  AND coalesce(v.planned_start, v.window_start) < $3 AND greatest(v.planned_start, v.window_end) >= $2

-- list_some_stops --
-- The same of some visits. $1 visits $2 since $3 until
SELECT v.id, v.caregiver_id, w.caregiver_id AS companion_id, v.state, v.service, v.priority, v.elder_id, v.provider_id, v.case_id,
       h.lat, h.lon, h.region_code, e.languages, v.window_start, v.window_end, v.windows, v.minutes, v.planned_start, v.started_at,
       v.promised_at IS NOT NULL AS is_promised, v.is_pinned,
       v.staff > 1 OR v.follows_id IS NOT NULL OR EXISTS (SELECT FROM visit f WHERE f.follows_id = v.id
                                                          AND f.state IN ('offered', 'accepted', 'en_route')) AS is_fixed
FROM visit v JOIN elder e ON e.id = v.elder_id LEFT JOIN care_bed b ON b.id = v.care_bed_id
JOIN home h ON h.id = coalesce(b.home_id, e.home_id) LEFT JOIN visit_companion w ON w.visit_id = v.id
WHERE v.id = ANY($1::uuid[]) AND v.state IN ('offered', 'accepted', 'en_route', 'in_progress') AND v.caregiver_id IS NOT NULL
  AND coalesce(v.planned_start, v.window_start) < $3 AND greatest(v.planned_start, v.window_end) >= $2

-- list_seen --
-- Where everybody was seen last, by their phone or at the end of a visit. $1 district $2 since $3 now
SELECT caregiver_id, lat, lon, at FROM caregiver_position WHERE district_id = $1 AND at > $2 AND at <= $3

-- forget_changes --
-- Books that have not been read for so long are read anew. $1 noted before
DELETE FROM book_change WHERE noted_at < $1
