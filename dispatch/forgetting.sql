-- forget_notices --
-- Notices past their retention, with their tries; one whose message told of others goes after those. $1 kinds $2 made before $3 most
WITH old AS (
  SELECT n.id FROM notice n WHERE n.kind = ANY($1::text[]) AND n.created_at < $2 AND n.ended_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM notice f WHERE f.bundled_into = n.id)
  ORDER BY n.created_at LIMIT $3),
tries AS (DELETE FROM notice_try WHERE notice_id IN (SELECT id FROM old))
DELETE FROM notice WHERE id IN (SELECT id FROM old) RETURNING id

-- forget_drills --
-- Drills past their retention, of which no notice is left. $1 closed before
DELETE FROM drill d WHERE closed_at < $1 AND NOT EXISTS (SELECT FROM notice WHERE drill_id = d.id AND kind = 'drill')

-- forget_calls --
-- Calls and messages past their retention, with the carrier's words of them; a case that was entered from one stays. $1 before $2 most
WITH old AS (SELECT id FROM phone_call WHERE queued_at < $1 ORDER BY queued_at LIMIT $2),
words AS (DELETE FROM phone_event WHERE call_id IN (SELECT id FROM old)),
sounds AS (DELETE FROM recording WHERE call_id IN (SELECT id FROM old)),
reports AS (UPDATE case_report SET call_id = NULL WHERE call_id IN (SELECT id FROM old)),
callers AS (DELETE FROM inbound_call WHERE call_id IN (SELECT id FROM old))
DELETE FROM phone_call WHERE id IN (SELECT id FROM old) RETURNING id
