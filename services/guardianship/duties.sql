-- create_duty --
-- A duty begins. $1 id $2 district $3 guardianship $4 role $5 rule $6 from $7 window from $8 to $9 account $10 now
INSERT INTO guardianship_duty (id, district_id, guardianship_id, role, rrule, starts_on, window_start, window_end, set_by, set_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- duty_exists --
-- Whether the district has a duty. $1 duty
SELECT id FROM guardianship_duty WHERE id = $1

-- list_open --
-- Duties that have no end. $1 guardianship $2 role or null
SELECT id FROM guardianship_duty WHERE guardianship_id = $1 AND ($2::text IS NULL OR role = $2) AND ends_on IS NULL

-- end_duty --
-- A duty ends; one that has not begun was none. $1 duty $2 last day
UPDATE guardianship_duty SET ends_on = greatest($2, starts_on) WHERE id = $1 AND ends_on IS NULL

-- list_ahead --
-- Visits that a duty has wanted from an instant on. $1 pattern of the origin $2 from
SELECT id FROM visit WHERE origin LIKE $1 AND window_start >= $2 AND state IN ('wanted', 'offered', 'accepted')

-- list_due --
-- Duties whose visits are not wanted far enough. $1 until $2 roles $3 most
SELECT d.id FROM guardianship_duty d JOIN guardianship g ON g.id = d.guardianship_id JOIN elder e ON e.id = g.elder_id
WHERE d.role = ANY($2::text[]) AND (d.laid_to IS NULL OR d.laid_to < $1) AND (d.ends_on IS NULL OR d.laid_to IS NULL OR d.ends_on > d.laid_to)
  AND g.closed_on IS NULL AND e.died_on IS NULL
ORDER BY d.laid_to NULLS FIRST, d.id LIMIT $3 FOR UPDATE OF d SKIP LOCKED

-- find_to_lay --
-- A duty with what its visits need: the home's bed, the provider of who holds the role. $1 duty
SELECT d.id, d.district_id, d.role, d.rrule, d.starts_on, d.ends_on, d.window_start, d.window_end, g.elder_id, b.id AS care_bed_id,
       coalesce(c.provider_id, b.provider_id) AS provider_id
FROM guardianship_duty d JOIN guardianship g ON g.id = d.guardianship_id
LEFT JOIN LATERAL (SELECT id, provider_id FROM care_bed WHERE elder_id = g.elder_id AND ended_on IS NULL ORDER BY enrolled_on LIMIT 1) b ON true
LEFT JOIN LATERAL (SELECT k.provider_id FROM guardianship_member m JOIN caregiver k ON k.id = m.caregiver_id
                   WHERE m.guardianship_id = g.id AND m.role = d.role AND m.valid_to IS NULL LIMIT 1) c ON true
WHERE d.id = $1

-- laid --
-- Visits are wanted until a day. $1 duty $2 day
UPDATE guardianship_duty SET laid_to = $2 WHERE id = $1

-- list_of --
-- Duties that are in force or to come, with the days on which they were done: visits proven or done, calls of who held the role.
-- $1 guardianship $2 today
SELECT d.id, d.role, d.rrule, d.starts_on, d.ends_on, d.window_start, d.window_end, d.laid_to,
       (SELECT array_agg(DISTINCT on_day ORDER BY on_day) FROM (
          SELECT (v.started_at AT TIME ZONE 'Asia/Shanghai')::date AS on_day FROM visit v
          WHERE v.elder_id = g.elder_id AND v.origin LIKE 'call_on:' || d.id || ':%' AND v.state IN ('completed', 'verified')
          UNION ALL
          SELECT (c.at AT TIME ZONE 'Asia/Shanghai')::date FROM call_on c JOIN guardianship_member m ON m.caller_id = c.caller_id
          WHERE m.guardianship_id = d.guardianship_id AND m.role = d.role AND c.elder_id = g.elder_id AND c.outcome <> 'not_met'
        ) done) AS met
FROM guardianship_duty d JOIN guardianship g ON g.id = d.guardianship_id
WHERE d.guardianship_id = $1 AND (d.ends_on IS NULL OR d.ends_on >= $2) ORDER BY d.role, d.starts_on
