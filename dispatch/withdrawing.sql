-- free_origin --
-- Let the origin want a visit again: this one keeps it with its own id behind it. $1 visit
UPDATE visit SET origin = origin || '#' || id::text WHERE id = $1 AND origin IS NOT NULL
