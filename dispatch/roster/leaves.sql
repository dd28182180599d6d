-- ask_leave --
-- Leave is asked for. $1 id $2 district $3 caregiver $4 kind $5 starts $6 ends $7 by $8 now
INSERT INTO leave (id, district_id, caregiver_id, kind, starts_at, ends_at, state, asked_by, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, 'asked', $7, $8)

-- decide_leave --
-- Approved, refused or withdrawn, if it is in one of these states. $1 id $2 from $3 to $4 by $5 now
UPDATE leave SET state = $3, decided_by = $4, decided_at = $5 WHERE id = $1 AND state = ANY ($2::text[]) RETURNING id

-- find_leave --
-- One leave. $1 id
SELECT l.id, l.district_id, l.caregiver_id, c.name AS caregiver_name, c.provider_id, l.kind, l.starts_at, l.ends_at, l.state,
       l.asked_at, l.decided_at
FROM leave l JOIN caregiver c ON c.id = l.caregiver_id WHERE l.id = $1

-- list_leaves --
-- Leave, the latest first. $1 provider or null $2 caregiver or null $3 after or null $4 most $5 only what waits
SELECT l.id, l.district_id, l.caregiver_id, c.name AS caregiver_name, c.provider_id, l.kind, l.starts_at, l.ends_at, l.state,
       l.asked_at, l.decided_at
FROM leave l JOIN caregiver c ON c.id = l.caregiver_id
WHERE ($1::uuid IS NULL OR c.provider_id = $1) AND ($2::uuid IS NULL OR l.caregiver_id = $2) AND ($3::uuid IS NULL OR l.id < $3)
  AND (NOT $5::boolean OR l.state = 'asked')
ORDER BY l.id DESC LIMIT $4

-- list_touching --
-- Leave that touches a span. $1 provider or null $2 since $3 until
SELECT l.id, l.caregiver_id, l.kind, l.starts_at, l.ends_at, l.state
FROM leave l JOIN caregiver c ON c.id = l.caregiver_id
WHERE ($1::uuid IS NULL OR c.provider_id = $1) AND l.state IN ('asked', 'approved') AND l.starts_at < $3 AND l.ends_at > $2
ORDER BY l.starts_at, l.id
