-- take_try --
-- The next try for this process alone: one that waits, or one that a process has left. $1 now $2 left before
WITH next AS (
  SELECT id, state = 'sending' AS was_left FROM notice_try
  WHERE (state = 'queued' AND at <= $1) OR (state = 'sending' AND taken_at <= $2)
  ORDER BY at, id LIMIT 1 FOR UPDATE SKIP LOCKED),
taken AS (
  UPDATE notice_try t SET state = 'sending', taken_at = $1 FROM next n WHERE t.id = n.id RETURNING t.*, n.was_left)
SELECT t.id, t.district_id, t.notice_id, t.channel, t.token, t.at, t.person_id, t.was_left, n.kind, n.words, n.case_id, n.expires_at,
       n.state AS notice_state, n.family_member_id, n.account_id, n.caregiver_id, n.contact_sealed, n.room, n.language,
       c.state AS case_state, c.elder_id,
  CASE n.words WHEN 'case_idle' THEN coalesce(case_touched_at(c.id), c.claimed_at) END AS touched_at
FROM taken t JOIN notice n ON n.id = t.notice_id LEFT JOIN care_case c ON c.id = n.case_id

-- set_sent --
-- The carrier has it; a receipt may have come first. $1 try $2 the carrier's id $3 now
UPDATE notice_try SET state = CASE state WHEN 'sending' THEN 'sent' ELSE state END, ref = coalesce(ref, $2), sent_at = coalesce(sent_at, $3)
WHERE id = $1

-- set_unknown --
-- Nobody can tell whether it was taken: its receipt will, or the next channel is tried. $1 try $2 now
UPDATE notice_try SET state = 'unknown', at = $2 WHERE id = $1 AND state = 'sending'

-- set_failed --
-- It was not taken. $1 try $2 code $3 for good $4 now $5 not again before
UPDATE notice_try SET state = 'failed', code = $2, is_permanent = $3, ended_at = $4, retry_at = $5
WHERE id = $1 AND state = 'sending' RETURNING id

-- look_now --
-- The engine looks at it at once. $1 notice $2 now
UPDATE notice SET next_at = least(next_at, $2) WHERE id = $1 AND next_at IS NOT NULL
