-- invite --
-- An invitation. $1 id $2 district $3 elder $4 name $5 phone $6 its index $7 shared knowingly $8 relation $9 priority $10 rights $11 wished by $12 how $13 call $14 consented as $15 by $16 how $17 at $18 account $19 now $20 until
INSERT INTO invitation (id, district_id, elder_id, name, phone_sealed, phone_index, shares_phone, relation, priority, rights, wished_by, wished_how,
                        call_id, consented_as, consented_by, consented_how, consented_at, invited_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)

-- find --
-- One invitation. $1 id
SELECT i.id, i.district_id, i.elder_id, e.name AS elder_name, i.name, i.phone_sealed, i.phone_index, i.shares_phone, i.relation, i.priority, i.rights,
       i.consented_as, i.consented_how, i.consented_at, i.created_at, i.turn, i.expires_at, i.state, i.tries, i.proven_at, i.family_member_id, i.ticket_hash
FROM invitation i JOIN elder e ON e.id = i.elder_id WHERE i.id = $1

-- list_of_elder --
-- An elder's invitations, newest first. $1 elder
SELECT i.id, i.name, i.phone_sealed, i.relation, i.priority, i.rights, i.consented_as, i.consented_how, i.consented_at, i.created_at, i.turn,
       i.expires_at, i.state, i.tries, i.ended_at, i.wished_by, i.wished_how, a.name AS invited_by_name
FROM invitation i JOIN account a ON a.id = i.invited_by WHERE i.elder_id = $1 ORDER BY i.created_at DESC, i.id DESC LIMIT 50

-- renew --
-- A new code and new days. $1 id $2 until
UPDATE invitation SET state = 'open', turn = turn + 1, tries = 0, expires_at = $2, ticket_hash = NULL, proven_at = NULL
WHERE id = $1 AND state IN ('open', 'proven', 'locked') RETURNING id, district_id, turn, phone_sealed, expires_at

-- revoke --
-- It is taken back. $1 id $2 now
UPDATE invitation SET state = 'revoked', ended_at = $2, ticket_hash = NULL WHERE id = $1 AND state IN ('open', 'proven', 'locked') RETURNING id

-- count_wrong --
-- A wrong code; the last one locks. $1 id $2 most
UPDATE invitation SET tries = tries + 1, state = CASE WHEN tries + 1 >= $2 THEN 'locked' ELSE state END WHERE id = $1 AND state IN ('open', 'proven')

-- prove --
-- The code fitted. $1 id $2 turn $3 ticket's hash $4 now
UPDATE invitation SET state = 'proven', ticket_hash = $3, proven_at = $4
WHERE id = $1 AND turn = $2 AND state IN ('open', 'proven') AND expires_at > $4 RETURNING id

-- join --
-- Somebody has joined. $1 id $2 member $3 now
UPDATE invitation SET state = 'joined', family_member_id = $2, ended_at = $3, ticket_hash = NULL WHERE id = $1 AND state = 'proven' RETURNING id
