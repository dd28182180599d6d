-- list_notices --
-- Notices, newest first. $1 case or null $2 state or null $3 after or null $4 most
SELECT n.id, n.kind, n.case_id, n.drill_id, n.step, n.audience, n.family_member_id, n.account_id, n.caregiver_id, n.room, n.words, n.channels,
       n.state, n.answer, n.answered_at, n.next_at, n.created_at, n.ended_at, n.bundled_into, coalesce(m.name, a.name, c.name, n.room) AS name
FROM notice n LEFT JOIN family_member m ON m.id = n.family_member_id LEFT JOIN account a ON a.id = n.account_id
LEFT JOIN caregiver c ON c.id = n.caregiver_id
WHERE ($1::uuid IS NULL OR n.case_id = $1) AND ($2::text IS NULL OR n.state = $2) AND ($3::uuid IS NULL OR n.id < $3)
ORDER BY n.id DESC LIMIT $4

-- list_tries --
-- The tries of some notices; of one that rode with another, that one's. $1 notices
SELECT n.id AS notice_id, t.channel, t.state, t.code, t.is_permanent, t.at, t.sent_at, t.receipt_at
FROM notice n JOIN notice_try t ON t.notice_id = coalesce(n.bundled_into, n.id) WHERE n.id = ANY($1::uuid[]) ORDER BY n.id, t.at, t.id

-- count_notices --
-- How many are open, and what became of those since an instant. $1 since
SELECT (count(*) FILTER (WHERE next_at IS NOT NULL))::int AS open, (count(*) FILTER (WHERE created_at >= $1 AND state = 'answered'))::int AS answered,
       (count(*) FILTER (WHERE created_at >= $1 AND state = 'failed'))::int AS failed, (count(*) FILTER (WHERE created_at >= $1))::int AS made
FROM notice WHERE next_at IS NOT NULL OR created_at >= $1
