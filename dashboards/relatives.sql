-- find_guardian --
-- Who is an elder's guardian on a day. $1 elder $2 day
SELECT m.id, m.name FROM guardianship g JOIN guardianship_member m ON m.guardianship_id = g.id
WHERE g.elder_id = $1 AND g.closed_on IS NULL AND m.role = 'guardian' AND m.valid_from <= $2 AND (m.valid_to IS NULL OR m.valid_to >= $2)
LIMIT 1
