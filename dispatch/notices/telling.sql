-- create_notice --
-- Somebody is to be told, unless they are being told of it already. $1 id $2 district $3 kind $4 case $5 drill $6 step $7 audience
-- $8 family member $9 account $10 caregiver $11 sealed number $12 room $13 language $14 words $15 sealed data $16 channels $17 from when $18 until when $19 now
INSERT INTO notice (id, district_id, kind, case_id, drill_id, step, audience, family_member_id, account_id, caregiver_id, contact_sealed,
                    room, language, words, data_sealed, channels, next_at, expires_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT DO NOTHING RETURNING id

-- void_of_case --
-- Nobody is told of this case any more; what waits to be sent is not. A try that is being taken is left to its sender, which
-- looks at the notice: whoever claims waits for no sender, and deadlocks with none. $1 case $2 now
WITH ended AS (
  UPDATE notice SET state = 'void', next_at = NULL, ended_at = $2, data_sealed = NULL
  WHERE case_id = $1 AND kind = 'case' AND next_at IS NOT NULL RETURNING id),
freed AS (
  UPDATE notice SET bundled_into = NULL, next_at = $2
  WHERE bundled_into IN (SELECT id FROM ended) AND next_at IS NOT NULL AND case_id <> $1 RETURNING id),
dropped AS (
  UPDATE notice_try SET state = 'failed', code = 'void', ended_at = $2
  WHERE id IN (SELECT id FROM notice_try WHERE state = 'queued' AND notice_id IN (SELECT id FROM ended) FOR UPDATE SKIP LOCKED)
  RETURNING id)
SELECT (SELECT count(*) FROM ended)::int + 0 * (SELECT count(*) FROM freed)::int + 0 * (SELECT count(*) FROM dropped)::int
