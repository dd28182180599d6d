-- create_shift --
-- A shift, unless it is there. $1 id $2 district $3 caregiver $4 starts $5 ends
INSERT INTO shift (id, district_id, caregiver_id, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (caregiver_id, starts_at) DO NOTHING RETURNING id

-- list_shifts --
-- Shifts that touch a span. $1 caregiver or null $2 since $3 until
SELECT s.id, s.caregiver_id, c.name AS caregiver_name, c.provider_id, s.starts_at, s.ends_at
FROM shift s JOIN caregiver c ON c.id = s.caregiver_id
WHERE ($1::uuid IS NULL OR s.caregiver_id = $1) AND s.starts_at < $3 AND s.ends_at > $2 ORDER BY s.starts_at, s.id
