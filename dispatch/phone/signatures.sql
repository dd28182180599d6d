-- create_signature --
-- A signature under the phone's id. $1 id $2 district $3 visit $4 caregiver $5 who $6 sealed path $7 statement $8 digest $9 intact $10 signed $11 received
INSERT INTO visit_signature (id, district_id, visit_id, caregiver_id, who, path_sealed, statement, digest, is_intact, signed_at, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING RETURNING true

-- list_signatures --
-- The signatures of a visit. $1 visit
SELECT id, district_id, who, path_sealed, statement, digest, is_intact, signed_at, received_at
FROM visit_signature WHERE visit_id = $1 ORDER BY signed_at, id
