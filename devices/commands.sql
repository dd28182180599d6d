-- create_command --
-- Want something of a device. $1 id $2 district $3 device $4 name $5 params $6 account $7 now $8 expires
INSERT INTO command (id, district_id, device_id, name, params, created_by, created_at, expires_at, state, next_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', $7)

-- list_commands --
-- A device's commands, the newest first. $1 device $2 after (an id) or null $3 limit
SELECT c.id, c.device_id, c.name, c.params, c.state, c.created_at, c.created_by, a.name AS created_by_name, c.expires_at, c.tries,
       c.sent_at, c.answered_at, c.result, c.reason
FROM command c LEFT JOIN account a ON a.id = c.created_by
WHERE c.device_id = $1 AND ($2::uuid IS NULL OR c.id < $2) ORDER BY c.id DESC LIMIT $3

-- find_command --
-- One command. $1 id
SELECT c.id, c.district_id, c.device_id, c.name, c.params, c.state, c.created_at, c.created_by, a.name AS created_by_name,
       c.expires_at, c.tries, c.sent_at, c.answered_at, c.result, c.reason
FROM command c LEFT JOIN account a ON a.id = c.created_by WHERE c.id = $1

-- list_due --
-- Commands to look at, of all districts. $1 now $2 most
SELECT id, device_id, name, params, state, next_at, expires_at, tries FROM command WHERE next_at <= $1 ORDER BY next_at LIMIT $2

-- expire_commands --
-- Their time is over. $1 ids $2 now
UPDATE command SET state = 'expired', next_at = NULL WHERE id = ANY ($1::uuid[]) AND next_at IS NOT NULL AND expires_at <= $2
RETURNING id, device_id, district_id

-- take_to_send --
-- The one who gets the row sends it. $1 id $2 tries before $3 now $4 again at
UPDATE command SET state = CASE WHEN state = 'accepted' THEN state ELSE 'sent' END, tries = tries + 1, sent_at = $3, next_at = $4
WHERE id = $1 AND tries = $2 AND next_at IS NOT NULL RETURNING id

-- end_unanswered --
-- It was handed to a hub that never answers. $1 id
UPDATE command SET state = 'unconfirmed', next_at = NULL WHERE id = $1 AND state = 'sent' RETURNING id

-- end_unsendable --
-- Its device cannot be told. $1 id $2 reason $3 now
UPDATE command SET state = 'failed', next_at = NULL, reason = $2, answered_at = $3 WHERE id = $1 AND next_at IS NOT NULL RETURNING id

-- postpone --
-- The device is away: look again when it comes back, or after a while, or at the end; unless it has come back meanwhile.
-- $1 ids $2 next at as it was read $3 a while
UPDATE command c SET next_at = least(c.expires_at, $3) FROM unnest($1::uuid[], $2::timestamptz[]) AS n (id, at)
WHERE c.id = n.id AND c.next_at = n.at AND c.state IN ('queued', 'sent')

-- wake --
-- Devices have come back: what waits for them, or at a hub for its devices, is sent now. $1 devices $2 now
UPDATE command SET next_at = $2
WHERE device_id IN (SELECT id FROM device WHERE id = ANY ($1::uuid[]) OR hub_id = ANY ($1::uuid[])) AND state IN ('queued', 'sent') RETURNING id

-- find_for_answer --
-- The command that a device answers. $1 id $2 device
SELECT state, district_id FROM command WHERE id = $1 AND device_id = $2

-- answer --
-- The device's answer moves it on. $1 id $2 from $3 to $4 result $5 reason $6 now
UPDATE command SET state = $3, result = $4, reason = $5, answered_at = $6, next_at = CASE WHEN $3 = 'accepted' THEN expires_at END
WHERE id = $1 AND state = $2 RETURNING id

-- keep_answer --
-- An answer after the end is kept, and changes nothing else. $1 id $2 result $3 reason $4 now
UPDATE command SET result = $2, reason = $3, answered_at = $4 WHERE id = $1 AND state IN ('expired', 'unconfirmed')

-- drop_commands --
-- Commands past their retention. $1 before
DELETE FROM command WHERE created_at < $1 AND next_at IS NULL
