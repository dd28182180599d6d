-- find_try --
-- A try and the notice whose tries count. $1 try
SELECT t.id, t.channel, t.state, coalesce(n.bundled_into, n.id) AS leader_id
FROM notice_try t JOIN notice n ON n.id = t.notice_id WHERE t.id = $1

-- find_token --
-- The try of a token. $1 token
SELECT id FROM notice_try WHERE token = $1

-- find_asked --
-- The last message that asked something of a number: a login code that came after an alarm asks nothing. $1 blind index $2 since $3 kinds
SELECT t.id FROM notice_try t JOIN notice n ON n.id = t.notice_id
WHERE t.contact_index = $1 AND t.at >= $2 AND t.channel IN ('sms', 'voice') AND n.kind = ANY($3::text[])
  AND t.state IN ('sending', 'sent', 'delivered', 'answered', 'unknown') ORDER BY t.at DESC, t.id DESC LIMIT 1

-- find_of_person --
-- The last notice of a case to a person since it was last raised: an answer to an alarm before is none to this one. $1 case $2 person
SELECT coalesce(bundled_into, id) FROM notice WHERE case_id = $1 AND person_id = $2
  AND created_at >= case_raised_at($1)
ORDER BY created_at DESC, id DESC LIMIT 1

-- list_cases --
-- The cases that a message told of, in the order in which they are locked. $1 notice
SELECT DISTINCT case_id FROM notice WHERE (id = $1 OR bundled_into = $1) AND case_id IS NOT NULL ORDER BY case_id

-- lock_notices --
-- A notice and what rides with it. $1 notice
SELECT id, kind, case_id, audience, family_member_id, account_id, caregiver_id, state FROM notice
WHERE id = $1 OR bundled_into = $1 ORDER BY id FOR NO KEY UPDATE

-- set_receipt --
-- How far a try came, unless it has come farther. $1 try $2 state $3 from states $4 now $5 code $6 for good
UPDATE notice_try SET state = $2, code = $5, is_permanent = $6,
       receipt_at = CASE WHEN $2 = 'failed' THEN receipt_at ELSE $4 END, sent_at = coalesce(sent_at, $4),
       ended_at = CASE WHEN $2 = 'failed' THEN $4 ELSE ended_at END
WHERE id = $1 AND state = ANY($3::text[]) RETURNING id

-- end_call --
-- An answered call is over. $1 try $2 now
UPDATE notice_try SET ended_at = coalesce(ended_at, $2) WHERE id = $1

-- look_now --
-- The engine looks at it at once. $1 notice $2 now
UPDATE notice SET next_at = least(next_at, $2) WHERE id = $1 AND next_at IS NOT NULL

-- set_answer --
-- An answer, once. $1 notice $2 answer $3 now
UPDATE notice SET answer = $2, answered_at = $3, state = CASE state WHEN 'void' THEN 'void' ELSE 'answered' END, next_at = NULL,
       ended_at = coalesce(ended_at, $3), data_sealed = NULL
WHERE id = $1 AND answer IS DISTINCT FROM $2 RETURNING id

-- stand_down --
-- Somebody is on the way: the family and the neighbours are let sleep. A try that is being taken is left to its sender,
-- which looks at the notice (no deadlock with it). $1 case $2 now
WITH ended AS (
  UPDATE notice SET state = 'void', next_at = NULL, ended_at = $2, data_sealed = NULL
  WHERE case_id = $1 AND kind = 'case' AND next_at IS NOT NULL AND family_member_id IS NOT NULL RETURNING id)
UPDATE notice_try SET state = 'failed', code = 'void', ended_at = $2
WHERE id IN (SELECT id FROM notice_try WHERE state = 'queued' AND notice_id IN (SELECT id FROM ended) FOR UPDATE SKIP LOCKED)

-- give_time --
-- No sooner than then are others told. $1 case $2 until
UPDATE care_case SET escalate_at = greatest(escalate_at, $2) WHERE id = $1 AND state = 'raised'

-- hurry_next --
-- The next of the list is told at once; say how many are still being told. $1 case $2 now
WITH open AS (SELECT id, state, next_at FROM notice WHERE case_id = $1 AND kind = 'case' AND next_at IS NOT NULL),
hurried AS (
  UPDATE notice SET next_at = $2
  WHERE id = (SELECT id FROM open WHERE state = 'waiting' ORDER BY next_at, id LIMIT 1) RETURNING id)
SELECT (SELECT count(*) FROM open)::int + 0 * (SELECT count(*) FROM hurried)::int

-- escalate_now --
-- Nobody else is being told: the next step is due, the last again after its own wait. $1 case $2 when
UPDATE care_case SET escalate_at = least(escalate_at, $2) WHERE id = $1 AND state = 'raised'
