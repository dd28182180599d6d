-- create_shift --
-- A shift, unless it is there. $1 id $2 district $3 caregiver $4 starts $5 ends $6 break from $7 to $8 minutes
INSERT INTO shift (id, district_id, caregiver_id, starts_at, ends_at, break_from, break_to, break_minutes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (caregiver_id, starts_at) DO NOTHING RETURNING id

-- list_shifts --
-- Shifts that touch a span. $1 caregiver or null $2 since $3 until
SELECT s.id, s.caregiver_id, c.name AS caregiver_name, c.provider_id, s.starts_at, s.ends_at
FROM shift s JOIN caregiver c ON c.id = s.caregiver_id
WHERE ($1::uuid IS NULL OR s.caregiver_id = $1) AND s.starts_at < $3 AND s.ends_at > $2 ORDER BY s.starts_at, s.id

-- page_shifts --
-- Shifts that touch a span, by id. $1 since $2 until $3 provider or null $4 caregiver or null $5 after or null $6 most
SELECT s.id, s.caregiver_id, c.name AS caregiver_name, c.provider_id, s.starts_at, s.ends_at, s.break_from, s.break_to,
       s.break_minutes, s.origin, s.overtime_by
FROM shift s JOIN caregiver c ON c.id = s.caregiver_id
WHERE s.starts_at < $2 AND s.starts_at >= $1::timestamptz - interval '48 hours' AND s.ends_at > $1
  AND ($3::uuid IS NULL OR c.provider_id = $3) AND ($4::uuid IS NULL OR s.caregiver_id = $4) AND ($5::uuid IS NULL OR s.id > $5)
ORDER BY s.id LIMIT $6
