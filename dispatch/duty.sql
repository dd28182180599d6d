-- list_on_duty --
-- Who holds one of these roles now, the longest on duty first. $1 roles $2 now
SELECT a.id AS account_id, a.name, a.language, a.phone_sealed, min(h.starts_at) AS starts_at, max(h.ends_at) AS ends_at
FROM duty_held h JOIN account a ON a.id = h.account_id
WHERE h.role = ANY ($1::text[]) AND h.starts_at <= $2 AND h.ends_at > $2 AND a.disabled_at IS NULL
GROUP BY a.id ORDER BY 5, a.name, a.id

-- list_everybody --
-- Everybody on duty now. $1 now
SELECT a.id AS account_id, a.name, h.role, min(h.starts_at) AS starts_at, max(h.ends_at) AS ends_at, a.phone_sealed IS NOT NULL AS has_phone
FROM duty_held h JOIN account a ON a.id = h.account_id
WHERE h.starts_at <= $1 AND h.ends_at > $1 AND a.disabled_at IS NULL
GROUP BY a.id, h.role ORDER BY h.role, a.name, a.id

-- list_held --
-- What is held between two instants. $1 since $2 until $3 account or null
SELECT h.duty_shift_id, h.override_id, h.account_id, a.name, h.role, h.starts_at, h.ends_at
FROM duty_held h JOIN account a ON a.id = h.account_id
WHERE h.starts_at < $2 AND h.ends_at > $1 AND ($3::uuid IS NULL OR h.account_id = $3) AND a.disabled_at IS NULL
ORDER BY h.starts_at, a.name, a.id
