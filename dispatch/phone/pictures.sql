-- find_photo --
-- A photo without its content. $1 photo
SELECT id, visit_id, caregiver_id, digest, same_as, taken_at FROM visit_photo WHERE id = $1

-- count_photos --
-- How many a visit has. $1 visit
SELECT count(*) FROM visit_photo WHERE visit_id = $1

-- find_same --
-- The first photo of the district with this digest. $1 digest
SELECT id FROM visit_photo WHERE digest = $1 AND same_as IS NULL ORDER BY received_at LIMIT 1

-- create_photo --
-- A photo. $1 id $2 district $3 visit $4 caregiver $5 taken $6 received $7 media type $8 size $9 digest $10 same as $11 sealed
INSERT INTO visit_photo (id, district_id, visit_id, caregiver_id, taken_at, received_at, media_type, size, digest, same_as, photo_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING RETURNING id

-- list_photos --
-- The photos of a visit, without their content. $1 visit $2 taken by this caregiver, null: by anybody
SELECT id, taken_at, received_at, media_type, size, digest, same_as FROM visit_photo
WHERE visit_id = $1 AND ($2::uuid IS NULL OR caregiver_id = $2) ORDER BY taken_at, id

-- read_photo --
-- One photo of a visit. $1 photo $2 visit $3 taken by this caregiver, null: by anybody
SELECT district_id, media_type, photo_sealed FROM visit_photo
WHERE id = $1 AND visit_id = $2 AND ($3::uuid IS NULL OR caregiver_id = $3)

-- forget_same --
-- Which photo was the first of its kind, when that goes. $1 before
UPDATE visit_photo SET same_as = NULL WHERE same_as IN (SELECT id FROM visit_photo WHERE received_at < $1)

-- drop_photos --
-- Photos whose retention is over. $1 before
DELETE FROM visit_photo WHERE received_at < $1
