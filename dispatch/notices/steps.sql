-- want_steps --
-- Steps whose audience is to be told by phone. $1 district $2 now $3 cases $4 steps $5 reasons $6 audiences $7 channels by comma $8 seconds apart
INSERT INTO notice_step (case_id, step, district_id, reason, audience, channels, each_seconds, at)
SELECT w.case_id, w.step, $1, w.reason, w.audience, string_to_array(w.channels, ','), w.each, $2
FROM unnest($3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::int[]) AS w(case_id, step, reason, audience, channels, each)
ON CONFLICT (case_id, step, reason) DO UPDATE SET at = excluded.at

-- list_answers --
-- What each relative and caregiver last said to a case since it was last raised, by telephone or on a page. $1 case $2 not before
SELECT DISTINCT ON (who) who, answer FROM (
  SELECT coalesce(data ->> 'family_member_id', data ->> 'caregiver_id')::uuid AS who, data ->> 'answer' AS answer, at, id
  FROM case_entry WHERE case_id = $1 AND action = 'family_answer' AND at >= $2
    AND at >= case_raised_at($1)) AS said
WHERE who IS NOT NULL ORDER BY who, at DESC, id DESC

-- take_steps --
-- Steps that wait, the oldest first, gone when this transaction commits; with their case, and when something last happened in it. $1 most
WITH taken AS (
  DELETE FROM notice_step WHERE (case_id, step, reason) IN (
    SELECT case_id, step, reason FROM notice_step ORDER BY at, case_id, step LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING *)
SELECT c.id, c.district_id, c.elder_id, c.care_bed_id, c.state, t.step, t.reason, t.audience, t.channels, t.each_seconds,
  CASE t.reason WHEN 'idle' THEN coalesce(case_touched_at(c.id), c.claimed_at) END AS touched_at
FROM taken t JOIN care_case c ON c.id = t.case_id ORDER BY t.at, c.severity, c.id
