-- is_served --
-- Say whether a caregiver has been or will be at an elder's. $1 elder $2 caregiver
SELECT EXISTS (SELECT FROM visit WHERE elder_id = $1 AND caregiver_id = $2)
