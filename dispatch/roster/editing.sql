-- lock_caregiver --
-- Whose roster is changed; two changes of it follow each other. $1 caregiver
SELECT id, district_id, provider_id, name, skills, working_time, ended_at FROM caregiver WHERE id = $1 FOR NO KEY UPDATE

-- find_shift --
-- One shift. $1 shift
SELECT s.id, s.district_id, s.caregiver_id, c.name AS caregiver_name, c.provider_id, s.starts_at, s.ends_at, s.break_from, s.break_to,
       s.break_minutes, s.origin, s.overtime_by
FROM shift s JOIN caregiver c ON c.id = s.caregiver_id WHERE s.id = $1

-- lock_shift --
-- One shift for a change. $1 shift
SELECT id, district_id, caregiver_id, starts_at, ends_at, break_from, break_to, break_minutes, origin FROM shift WHERE id = $1 FOR UPDATE

-- find_overlap --
-- A shift of somebody at a time, the one that is to be changed apart. $1 caregiver $2 starts $3 ends $4 shift or null
SELECT id, starts_at, ends_at FROM shift
WHERE caregiver_id = $1 AND tstzrange(starts_at, ends_at) && tstzrange($2, $3) AND ($4::uuid IS NULL OR id <> $4)
ORDER BY starts_at LIMIT 1

-- find_leave --
-- Approved leave of somebody at a time. $1 caregiver $2 starts $3 ends
SELECT kind, starts_at, ends_at FROM leave
WHERE caregiver_id = $1 AND state = 'approved' AND tstzrange(starts_at, ends_at) && tstzrange($2, $3) ORDER BY starts_at LIMIT 1

-- list_near --
-- Shifts of somebody that begin in a span. $1 caregiver $2 since $3 until
SELECT id, starts_at, ends_at, break_minutes FROM shift WHERE caregiver_id = $1 AND starts_at >= $2 AND starts_at < $3 ORDER BY starts_at

-- add_shift --
-- A shift. $1 id $2 district $3 caregiver $4 starts $5 ends $6 break from $7 break to $8 minutes $9 origin $10 by $11 overtime agreed by
INSERT INTO shift (id, district_id, caregiver_id, starts_at, ends_at, break_from, break_to, break_minutes, origin, created_by, overtime_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- change_shift --
-- Another time, another person. $1 id $2 caregiver $3 starts $4 ends $5 break from $6 break to $7 minutes $8 overtime agreed by
UPDATE shift SET caregiver_id = $2, starts_at = $3, ends_at = $4, break_from = $5, break_to = $6, break_minutes = $7,
  overtime_by = coalesce($8, overtime_by) WHERE id = $1

-- remove_shift --
-- A shift is taken away. $1 id
DELETE FROM shift WHERE id = $1

-- list_week --
-- A provider's shifts that begin in a span. $1 provider $2 since $3 until
SELECT s.id, s.caregiver_id, s.starts_at, s.ends_at, s.break_from, s.break_to, s.break_minutes
FROM shift s JOIN caregiver c ON c.id = s.caregiver_id
WHERE c.provider_id = $1 AND c.ended_at IS NULL AND s.starts_at >= $2 AND s.starts_at < $3 ORDER BY s.starts_at, s.id
