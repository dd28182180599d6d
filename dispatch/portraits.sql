-- keep_photo --
-- An elder's photo, in place of the one before. $1 elder $2 district $3 sealed $4 size $5 digest $6 account $7 now
INSERT INTO person_photo (elder_id, district_id, photo_sealed, size, digest, taken_by, taken_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (elder_id) DO UPDATE SET photo_sealed = excluded.photo_sealed, size = excluded.size, digest = excluded.digest,
  taken_by = excluded.taken_by, taken_at = excluded.taken_at

-- drop_photo --
-- It is removed. $1 elder
DELETE FROM person_photo WHERE elder_id = $1 RETURNING elder_id

-- read_photo --
-- The photo, while its consent is in force. $1 elder
SELECT district_id, photo_sealed FROM person_photo p
WHERE elder_id = $1 AND EXISTS (SELECT FROM consent c WHERE c.elder_id = p.elder_id AND c.item = 'photo' AND c.withdrawn_at IS NULL)

-- drop_withdrawn --
-- Photos whose consent is in force no longer.
DELETE FROM person_photo p
WHERE NOT EXISTS (SELECT FROM consent c WHERE c.elder_id = p.elder_id AND c.item = 'photo' AND c.withdrawn_at IS NULL) RETURNING elder_id
