-- create_pattern --
-- A pattern. $1 id $2 district $3 caregiver $4 weekdays $5 starts $6 minutes $7 break after $8 before $9 minutes $10 from $11 to $12 by $13 now
INSERT INTO shift_pattern (id, district_id, caregiver_id, weekdays, starts, minutes, break_after, break_before, break_minutes,
  valid_from, valid_to, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- list_due --
-- Patterns whose shifts have not been laid to a day. $1 day
SELECT p.id, p.caregiver_id, p.weekdays, p.starts, p.minutes, p.break_after, p.break_before, p.break_minutes, p.valid_from, p.valid_to,
       p.laid_to
FROM shift_pattern p JOIN caregiver c ON c.id = p.caregiver_id
WHERE c.ended_at IS NULL AND p.valid_from <= $1 AND (p.laid_to IS NULL OR p.laid_to < $1)
  AND (p.valid_to IS NULL OR p.laid_to IS NULL OR p.valid_to > p.laid_to)
ORDER BY p.caregiver_id, p.id

-- mark_laid --
-- A pattern is laid to a day, if it is still laid only so far. $1 id $2 so far or null $3 day
UPDATE shift_pattern SET laid_to = $3 WHERE id = $1 AND laid_to IS NOT DISTINCT FROM $2 RETURNING id

-- end_pattern --
-- The last day of a pattern that has none, or a later one. $1 id $2 day
UPDATE shift_pattern SET valid_to = $2 WHERE id = $1 AND (valid_to IS NULL OR valid_to > $2) RETURNING id

-- list_laid --
-- What a pattern has laid and has not begun. $1 origin $2 now
SELECT id, starts_at FROM shift WHERE origin = $1 AND starts_at > $2 ORDER BY starts_at

-- find_pattern --
-- One pattern. $1 id
SELECT p.id, p.caregiver_id, c.name AS caregiver_name, c.provider_id, p.weekdays, p.starts, p.minutes, p.break_after, p.break_before,
       p.break_minutes, p.valid_from, p.valid_to, p.laid_to
FROM shift_pattern p JOIN caregiver c ON c.id = p.caregiver_id WHERE p.id = $1

-- list_patterns --
-- Patterns, the latest first. $1 provider or null $2 caregiver or null $3 after or null $4 most
SELECT p.id, p.caregiver_id, c.name AS caregiver_name, c.provider_id, p.weekdays, p.starts, p.minutes, p.break_after, p.break_before,
       p.break_minutes, p.valid_from, p.valid_to, p.laid_to
FROM shift_pattern p JOIN caregiver c ON c.id = p.caregiver_id
WHERE ($1::uuid IS NULL OR c.provider_id = $1) AND ($2::uuid IS NULL OR p.caregiver_id = $2) AND ($3::uuid IS NULL OR p.id < $3)
ORDER BY p.id DESC LIMIT $4
