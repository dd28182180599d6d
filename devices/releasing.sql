-- list_at_bed --
-- The devices in use at a bed, locked. $1 bed
SELECT id, room FROM device WHERE care_bed_id = $1 AND retired_at IS NULL ORDER BY id FOR UPDATE

-- free_kits --
-- Its kits go into stock. $1 bed
UPDATE kit SET care_bed_id = NULL, bound_by = NULL, bound_at = NULL WHERE care_bed_id = $1 RETURNING id

-- reopen_bed --
-- The bed was ended by mistake. $1 bed $2 the day of its end
UPDATE care_bed SET ended_on = NULL WHERE id = $1 AND ended_on = $2

-- bind_again --
-- A kit that nobody has taken since comes back. $1 kit $2 bed $3 by $4 now
UPDATE kit SET care_bed_id = $2, bound_by = $3, bound_at = $4 WHERE id = $1 AND care_bed_id IS NULL

-- is_free --
-- Say whether a device is in use and at no bed. $1 device
SELECT EXISTS (SELECT FROM device WHERE id = $1 AND care_bed_id IS NULL AND retired_at IS NULL)
