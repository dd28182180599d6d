-- caregiver_name --
-- A caregiver who has not left. $1 caregiver
SELECT name FROM caregiver WHERE id = $1 AND ended_at IS NULL

-- caller_name --
-- A caller who has not left. $1 caller
SELECT name FROM caller WHERE id = $1 AND ended_at IS NULL

-- end_before --
-- Who holds a role ends the day before somebody else. $1 guardianship $2 role $3 from $4 the day before
UPDATE guardianship_member SET valid_to = $4
WHERE guardianship_id = $1 AND role = $2 AND valid_from < $3 AND (valid_to IS NULL OR valid_to >= $3)

-- appoint --
-- A role is held. $1 id $2 district $3 guardianship $4 role $5 name $6 sealed phone $7 caregiver $8 caller $9 from $10 account $11 now
INSERT INTO guardianship_member (id, district_id, guardianship_id, role, name, phone_sealed, caregiver_id, caller_id, valid_from, named_by, named_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- find_member --
-- Somebody who holds or held a role. $1 member
SELECT m.id, m.guardianship_id, m.role, m.valid_from, m.valid_to, g.elder_id
FROM guardianship_member m JOIN guardianship g ON g.id = m.guardianship_id WHERE m.id = $1

-- end_member --
-- A role ends. $1 member $2 last day
UPDATE guardianship_member SET valid_to = $2 WHERE id = $1 AND (valid_to IS NULL OR valid_to > $2) RETURNING id
