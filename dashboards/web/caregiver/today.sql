-- find_home --
-- The home of a scanned code. $1 home
SELECT id, qr_secret FROM home WHERE id = $1

-- list_certificates --
-- A caregiver's own certificates. $1 caregiver
SELECT skill, name, valid_from, valid_to FROM certificate WHERE caregiver_id = $1 ORDER BY valid_to DESC, id

-- list_shifts --
-- A caregiver's next shifts. $1 caregiver $2 now
SELECT starts_at, ends_at FROM shift WHERE caregiver_id = $1 AND ends_at > $2 ORDER BY starts_at LIMIT 14

-- find_head --
-- The number of the last event.
SELECT events_last()
