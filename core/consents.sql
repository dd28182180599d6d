-- was_given --
-- Whether a consent was in force at an instant. $1 elder $2 item $3 instant
SELECT EXISTS (SELECT FROM consent WHERE elder_id = $1 AND item = $2 AND given_at <= $3 AND (withdrawn_at IS NULL OR withdrawn_at > $3))

-- list_items --
-- What is in force of some elders. $1 elders
SELECT elder_id, array_agg(item ORDER BY item) AS items FROM consent
WHERE elder_id = ANY($1::uuid[]) AND withdrawn_at IS NULL GROUP BY elder_id

-- list_items_of_members --
-- What is in force of some relatives. $1 members
SELECT family_member_id, array_agg(item ORDER BY item) AS items FROM consent
WHERE family_member_id = ANY($1::uuid[]) AND withdrawn_at IS NULL GROUP BY family_member_id

-- list_history --
-- Every consent of a person, in force first. $1 elder or null $2 member or null
SELECT c.id, c.item, c.given_by, c.given_as, c.how, c.given_at, c.recorded_at, c.withdrawn_at, c.withdrawn_as, c.withdrawn_how, c.reason,
       a.name AS recorded_by_name, w.name AS withdrawn_by_name
FROM consent c LEFT JOIN account a ON a.id = c.recorded_by LEFT JOIN account w ON w.id = c.withdrawn_by
WHERE c.elder_id IS NOT DISTINCT FROM $1 AND c.family_member_id IS NOT DISTINCT FROM $2
ORDER BY c.withdrawn_at IS NOT NULL, c.given_at DESC, c.id DESC LIMIT 200

-- give --
-- Consents said at once; what is in force already stays as it is. $1 ids $2 items $3 district $4 elder $5 member $6 by $7 as $8 how $9 at $10 account $11 now
INSERT INTO consent (id, district_id, elder_id, family_member_id, item, given_by, given_as, how, given_at, recorded_by, recorded_at)
SELECT g.id, $3, $4, $5, g.item, $6, $7, $8, $9, $10, $11 FROM unnest($1::uuid[], $2::text[]) AS g (id, item)
ON CONFLICT DO NOTHING RETURNING item

-- find --
-- One consent. $1 id
SELECT id, district_id, elder_id, family_member_id, item, given_at, given_as, withdrawn_at FROM consent WHERE id = $1

-- withdraw --
-- It is taken back, once. $1 id $2 at $3 as $4 how $5 reason $6 account
UPDATE consent SET withdrawn_at = $2, withdrawn_as = $3, withdrawn_how = $4, reason = $5, withdrawn_by = $6
WHERE id = $1 AND withdrawn_at IS NULL RETURNING id
