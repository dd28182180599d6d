-- alone --
-- One look at a time in a district; the other process leaves it to this one. $1 district
SELECT pg_try_advisory_xact_lock(7419035, hashtext($1::text))

-- free_orphans --
-- What rode with a notice that ended goes on by itself, or ends with it. $1 now
UPDATE notice f SET bundled_into = CASE WHEN l.state IN ('void', 'answered') THEN NULL ELSE f.bundled_into END,
       state = CASE WHEN l.state IN ('void', 'answered') THEN 'waiting' ELSE l.state END,
       next_at = CASE WHEN l.state IN ('void', 'answered') THEN $1::timestamptz END, ended_at = CASE WHEN l.state IN ('void', 'answered') THEN NULL::timestamptz ELSE $1 END
FROM notice l WHERE l.id = f.bundled_into AND f.next_at IS NOT NULL AND l.next_at IS NULL

-- list_due --
-- Notices to look at, each with its case and when something last happened in it; what rides with another waits for that. $1 now $2 most
SELECT n.id, n.district_id, n.kind, n.words, n.case_id, n.person_id, n.channels, n.expires_at, n.state, c.state AS case_state,
  CASE n.words WHEN 'case_idle' THEN coalesce(case_touched_at(c.id), c.claimed_at) END AS touched_at
FROM notice n LEFT JOIN care_case c ON c.id = n.case_id
WHERE n.next_at <= $1 AND n.bundled_into IS NULL
ORDER BY n.kind <> 'case', n.next_at, c.severity, n.id LIMIT $2 FOR NO KEY UPDATE OF n SKIP LOCKED

-- list_tries --
-- Their tries, oldest first. $1 notices
SELECT notice_id, channel, state, at, code, is_permanent, sent_at, ended_at, retry_at FROM notice_try
WHERE notice_id = ANY($1::uuid[]) ORDER BY notice_id, at, id

-- count_of_people --
-- How often each was called or written to lately, and when they were last told of a case. $1 people $2 since
SELECT t.person_id, (count(*) FILTER (WHERE t.channel IN ('sms', 'voice') AND t.code IS DISTINCT FROM 'void'
                         AND NOT (t.state = 'failed' AND t.sent_at IS NULL)))::int AS tries,
       max(t.at) FILTER (WHERE n.kind = 'case' AND t.nth = 1 AND t.code IS DISTINCT FROM 'void'
                         AND NOT (t.state = 'failed' AND t.sent_at IS NULL)) AS last_at
FROM notice_try t JOIN notice n ON n.id = t.notice_id WHERE t.person_id = ANY($1::uuid[]) AND t.at >= $2 GROUP BY t.person_id

-- count_of_district --
-- Calls and messages of the last minute; what no carrier took is none. $1 district $2 since
SELECT count(*)::int FROM notice_try WHERE district_id = $1 AND at >= $2 AND channel IN ('sms', 'voice')
  AND NOT (state = 'failed' AND sent_at IS NULL)

-- queue_try --
-- A try that waits to be sent. $1 id $2 district $3 notice $4 person $5 channel $6 token $7 from when
INSERT INTO notice_try (id, district_id, notice_id, person_id, channel, nth, token, at)
SELECT $1, $2, $3, $4, $5, 1 + count(*), $6, $7 FROM notice_try WHERE notice_id = $3 AND channel = $5

-- begin_sending --
-- Under way. $1 notice $2 next look
UPDATE notice SET state = 'sending', next_at = $2 WHERE id = $1 AND next_at IS NOT NULL

-- look_at --
-- Look again then. $1 notice $2 when
UPDATE notice SET next_at = $2 WHERE id = $1 AND next_at IS NOT NULL

-- end_notice --
-- It is over; what rides with it ends alike, or is freed by the next look when this one is void. $1 notice $2 state $3 now
UPDATE notice SET state = $2, next_at = NULL, ended_at = $3, data_sealed = NULL WHERE id = $1 AND next_at IS NOT NULL

-- ride --
-- These are told of in another's message. $1 notice $2 notices
UPDATE notice SET bundled_into = $1, state = 'sending' WHERE id = ANY($2::uuid[]) AND next_at IS NOT NULL

-- widen --
-- Who rides with it is told by their channels too. $1 notice $2 channels
UPDATE notice SET channels = $2 WHERE id = $1
