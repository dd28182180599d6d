-- tell_soon --
-- Shifts that begin soon, told once. $1 now $2 soon
UPDATE duty_shift SET told_at = $1 WHERE starts_at > $1 AND starts_at <= $2 AND told_at IS NULL RETURNING id, district_id, account_id, starts_at
