-- is_bed_of --
-- Say whether a bed is a person's. $1 bed $2 elder
SELECT EXISTS (SELECT FROM care_bed WHERE id = $1 AND elder_id = $2)

-- begin_pause --
-- A pause. $1 id $2 district $3 elder $4 bed or null $5 absence or null $6 reason $7 from $8 until $9 by $10 now
INSERT INTO monitoring_pause (id, district_id, elder_id, care_bed_id, absence_id, reason, starts_at, ends_at, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- end_pause --
-- It is over, if it was not. $1 id $2 when $3 by or null
UPDATE monitoring_pause SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL RETURNING id

-- find_pause --
-- One pause. $1 id
SELECT p.id, p.district_id, p.elder_id, e.name AS elder_name, p.care_bed_id, p.absence_id, p.reason, p.starts_at, p.ends_at, p.created_at,
       a.name AS created_by_name, p.warned_at, p.questioned_at, p.ended_at, z.name AS ended_by_name
FROM monitoring_pause p JOIN elder e ON e.id = p.elder_id LEFT JOIN account a ON a.id = p.created_by LEFT JOIN account z ON z.id = p.ended_by
WHERE p.id = $1

-- list_pauses --
-- Pauses, the latest first. $1 elder or null $2 only those that nobody has ended $3 older than this or null $4 most $5 of these people or null
SELECT p.id, p.elder_id, e.name AS elder_name, p.care_bed_id, p.absence_id, p.reason, p.starts_at, p.ends_at, p.created_at,
       a.name AS created_by_name, p.questioned_at, p.ended_at, z.name AS ended_by_name
FROM monitoring_pause p JOIN elder e ON e.id = p.elder_id LEFT JOIN account a ON a.id = p.created_by LEFT JOIN account z ON z.id = p.ended_by
WHERE ($1::uuid IS NULL OR p.elder_id = $1) AND (NOT $2::boolean OR p.ended_at IS NULL) AND ($3::uuid IS NULL OR p.id < $3)
  AND ($5::uuid[] IS NULL OR p.elder_id = ANY ($5))
ORDER BY p.id DESC LIMIT $4

-- list_ending --
-- What is paused, in the order in which it ends, with the alarms kept so far. $1 most
SELECT p.id, p.elder_id, e.name AS elder_name, p.care_bed_id, b.label AS care_bed_label, p.reason, p.starts_at, p.ends_at,
       a.name AS created_by_name, p.warned_at, p.questioned_at,
       (SELECT count(*)::int FROM care_case c JOIN case_alarm l ON l.case_id = c.id WHERE c.paused_by = p.id) AS kept
FROM monitoring_pause p JOIN elder e ON e.id = p.elder_id LEFT JOIN care_bed b ON b.id = p.care_bed_id
LEFT JOIN account a ON a.id = p.created_by
WHERE p.ended_at IS NULL ORDER BY p.ends_at, p.id LIMIT $1

-- list_of_elder --
-- A person's pauses that hold or are to come. $1 elder $2 now
SELECT id, care_bed_id, reason, starts_at, ends_at, questioned_at FROM monitoring_pause
WHERE elder_id = $1 AND ended_at IS NULL AND ends_at > $2 ORDER BY starts_at, id

-- list_paused_elders --
-- Everybody whose monitoring is paused altogether. $1 now
SELECT DISTINCT elder_id FROM monitoring_pause
WHERE ended_at IS NULL AND care_bed_id IS NULL AND starts_at <= $1 AND ends_at > $1

-- find_proposed --
-- An absence of now for which nothing has been paused. $1 elder $2 now
SELECT b.id, b.kind, b.starts_on, b.ends_on FROM absence b
WHERE b.elder_id = $1 AND ($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date BETWEEN b.starts_on AND coalesce(b.ends_on, 'infinity')
  AND NOT EXISTS (SELECT FROM monitoring_pause p WHERE p.elder_id = b.elder_id
                  AND (p.absence_id = b.id OR (p.ended_at IS NULL AND p.starts_at <= $2 AND p.ends_at > $2)))
ORDER BY b.starts_on DESC LIMIT 1

-- list_in_force --
-- A person's pauses that nobody has ended. $1 elder $2 now
SELECT id, care_bed_id, starts_at, ends_at FROM monitoring_pause WHERE elder_id = $1 AND ended_at IS NULL AND ends_at > $2

-- find_quiet --
-- The quiet case of a pause. $1 pause
SELECT id FROM care_case WHERE paused_by = $1 AND state <> 'closed' ORDER BY opened_at DESC LIMIT 1

-- join_quiet --
-- One more alarm of a quiet case; it becomes no graver. $1 case $2 received
UPDATE care_case SET last_alarm_at = greatest(last_alarm_at, $2) WHERE id = $1

-- link_quiet --
-- An occurrence is kept. $1 alarm $2 case $3 district $4 now
INSERT INTO case_alarm (alarm_id, case_id, district_id, linked_at) VALUES ($1, $2, $3, $4)

-- mark_quiet --
-- A case came of a pause. $1 case $2 pause
UPDATE care_case SET paused_by = $2 WHERE id = $1

-- list_quiet --
-- The quiet cases of a pause that nobody has taken. $1 pause
SELECT id FROM care_case WHERE paused_by = $1 AND state IN ('raised', 'returned') ORDER BY id

-- question_pause --
-- Somebody seems to be there. $1 pause $2 now
UPDATE monitoring_pause SET questioned_at = $2 WHERE id = $1

-- list_over --
-- Pauses that have come to their end. $1 now
SELECT id, district_id, elder_id, ends_at FROM monitoring_pause WHERE ended_at IS NULL AND ends_at <= $1
ORDER BY ends_at LIMIT 200 FOR UPDATE SKIP LOCKED

-- warn_due --
-- Pauses that end soon and of which nobody was told: told now. $1 now $2 soon
UPDATE monitoring_pause SET warned_at = $1
WHERE ended_at IS NULL AND warned_at IS NULL AND ends_at > $1 AND ends_at <= $2 RETURNING id, district_id, elder_id, ends_at

-- find_name --
-- What somebody is called. $1 elder
SELECT id, name FROM elder WHERE id = $1
