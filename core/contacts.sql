-- change_bond --
-- Whom to call: how related, in which order. $1 elder $2 member $3 relation $4 priority
UPDATE family_bond SET relation = $3, priority = $4 WHERE elder_id = $1 AND family_member_id = $2 AND ended_at IS NULL
RETURNING family_member_id

-- rename --
-- A contact's name. $1 member $2 name
UPDATE family_member SET name = $2 WHERE id = $1

-- count_elders --
-- How many elders name the same number as each of these. $1 members
SELECT m.id, (SELECT count(DISTINCT b.elder_id) FROM family_member o JOIN family_bond b ON b.family_member_id = o.id AND b.ended_at IS NULL
              WHERE o.phone_index = m.phone_index)::int AS elders
FROM family_member m WHERE m.id = ANY($1::uuid[]) AND m.phone_index IS NOT NULL
