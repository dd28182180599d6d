-- add_shift --
-- A shift. $1 id $2 district $3 account $4 role $5 starts $6 ends $7 origin $8 by $9 agreed by
INSERT INTO duty_shift (id, district_id, account_id, role, starts_at, ends_at, origin, created_by, agreed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- move_shift --
-- Another time, role or person. $1 id $2 account $3 role $4 starts $5 ends $6 agreed by
UPDATE duty_shift SET account_id = $2, role = $3, starts_at = $4, ends_at = $5, agreed_by = $6, told_at = NULL WHERE id = $1

-- remove_shift --
-- A shift that is not worked. $1 id
DELETE FROM duty_shift WHERE id = $1

-- lock_shift --
-- One shift, for a change. $1 id
SELECT id, district_id, account_id, role, starts_at, ends_at, origin, agreed_by FROM duty_shift WHERE id = $1 FOR UPDATE

-- find_shift --
-- One shift. $1 id
SELECT s.id, s.district_id, s.account_id, a.name, s.role, s.starts_at, s.ends_at, s.origin, s.agreed_by
FROM duty_shift s JOIN account a ON a.id = s.account_id WHERE s.id = $1

-- list_shifts --
-- Shifts between two instants. $1 since $2 until $3 account or null
SELECT s.id, s.account_id, a.name, s.role, s.starts_at, s.ends_at, s.origin, s.agreed_by
FROM duty_shift s JOIN account a ON a.id = s.account_id
WHERE s.starts_at < $2 AND s.ends_at > $1 AND ($3::uuid IS NULL OR s.account_id = $3) ORDER BY s.starts_at, a.name, s.id LIMIT 2000

-- list_people --
-- Everybody who may be on duty.
SELECT id AS account_id, name, role, phone_sealed IS NOT NULL AS has_phone FROM account
WHERE role IN ('operator', 'duty_manager') AND disabled_at IS NULL ORDER BY role, name, id

-- lock_person --
-- Somebody of the call centre, locked. $1 account
SELECT id, district_id, name, role, disabled_at FROM account WHERE id = $1 AND role IN ('operator', 'duty_manager') FOR NO KEY UPDATE

-- set_phone --
-- By which number somebody is reached. $1 account $2 sealed or null
UPDATE account SET phone_sealed = $2 WHERE id = $1

-- find_overlap --
-- What somebody has at a time, a shift or in somebody's place. $1 account $2 starts $3 ends $4 but not this shift
SELECT h.duty_shift_id, h.starts_at, h.ends_at FROM duty_held h
WHERE h.account_id = $1 AND h.starts_at < $3 AND h.ends_at > $2 AND h.duty_shift_id IS DISTINCT FROM $4::uuid
UNION ALL
SELECT s.id, s.starts_at, s.ends_at FROM duty_shift s
WHERE s.account_id = $1 AND s.starts_at < $3 AND s.ends_at > $2 AND s.id IS DISTINCT FROM $4::uuid
LIMIT 1

-- is_absent --
-- Say whether somebody is noted as absent at a time; of a shift that is theirs already nobody asks. $1 account $2 starts $3 ends $4 shift or null
SELECT EXISTS (SELECT FROM duty_override WHERE absent_id = $1 AND withdrawn_at IS NULL AND starts_at < $3 AND ends_at > $2)
       AND NOT EXISTS (SELECT FROM duty_shift WHERE id = $4::uuid AND account_id = $1)

-- create_pattern --
-- A pattern. $1 id $2 district $3 account $4 role $5 weekdays $6 starts $7 minutes $8 from $9 to $10 by $11 now
INSERT INTO duty_pattern (id, district_id, account_id, role, weekdays, starts, minutes, valid_from, valid_to, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- end_pattern --
-- The last day of a pattern that has none, or a later one; one that never began lays nothing. $1 id $2 last day $3 ended on
UPDATE duty_pattern SET valid_to = $2, laid_to = CASE WHEN valid_from > $3 THEN $2 ELSE laid_to END WHERE id = $1 AND (valid_to IS NULL OR valid_to > $2) RETURNING id

-- find_pattern --
-- One pattern. $1 id
SELECT p.id, p.district_id, p.account_id, a.name, p.role, p.weekdays, p.starts, p.minutes, p.valid_from, p.valid_to, p.laid_to
FROM duty_pattern p JOIN account a ON a.id = p.account_id WHERE p.id = $1

-- list_patterns --
-- Patterns that have not ended. $1 today
SELECT p.id, p.account_id, a.name, p.role, p.weekdays, p.starts, p.minutes, p.valid_from, p.valid_to
FROM duty_pattern p JOIN account a ON a.id = p.account_id
WHERE p.valid_to IS NULL OR p.valid_to >= $1 ORDER BY a.name, p.starts, p.id LIMIT 500

-- list_laid --
-- What a pattern has laid and has not begun. $1 origin $2 now
SELECT id, starts_at FROM duty_shift WHERE origin = $1 AND starts_at > $2

-- list_due --
-- Patterns whose shifts have not been laid to a day. $1 day
SELECT p.id, p.account_id, p.role, p.weekdays, p.starts, p.minutes, p.valid_from, p.valid_to, p.laid_to
FROM duty_pattern p JOIN account a ON a.id = p.account_id
WHERE a.disabled_at IS NULL AND p.valid_from <= $1 AND (p.laid_to IS NULL OR p.laid_to < $1)
  AND (p.valid_to IS NULL OR p.laid_to IS NULL OR p.valid_to > p.laid_to)
ORDER BY p.account_id, p.id

-- mark_laid --
-- A pattern is laid to a day, if it is still laid only so far. $1 id $2 so far or null $3 day
UPDATE duty_pattern SET laid_to = $3 WHERE id = $1 AND laid_to IS NOT DISTINCT FROM $2 RETURNING id
