-- list_devices --
-- The devices of an elder's beds (of one bed, if it is named). $1 elder $2 bed or null
SELECT d.id, d.thing_model, d.room FROM device d JOIN care_bed b ON b.id = d.care_bed_id
WHERE b.elder_id = $1 AND ($2::uuid IS NULL OR b.id = $2) AND d.retired_at IS NULL ORDER BY d.id
