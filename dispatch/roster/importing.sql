-- find_numbered --
-- Who has a staff number. $1 provider $2 number
SELECT id FROM caregiver WHERE provider_id = $1 AND staff_number = $2 AND ended_at IS NULL

-- find_certificate --
-- The same certificate. $1 caregiver $2 skill $3 from $4 to
SELECT id FROM certificate WHERE caregiver_id = $1 AND skill = $2 AND valid_from = $3 AND valid_to = $4 LIMIT 1

-- find_elder --
-- Who has an identity number. $1 its index
SELECT id FROM elder WHERE id_number_index = $1
