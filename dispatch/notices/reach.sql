-- list_reach --
-- The last try that reached each person, and the last that did not. $1 people
SELECT p.id AS person_id, r.at AS last_reached_at, r.channel, f.at AS last_failed_at, f.code, f.channel AS failed_channel, f.is_permanent
FROM unnest($1::uuid[]) AS p(id)
LEFT JOIN LATERAL (SELECT coalesce(receipt_at, at) AS at, channel FROM notice_try
                   WHERE person_id = p.id AND state IN ('delivered', 'answered') ORDER BY notice_try.at DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT coalesce(ended_at, at) AS at, channel, code, is_permanent FROM notice_try
                   WHERE person_id = p.id AND state = 'failed' AND code NOT IN ('void', 'lacks_capability', 'no_subscription', 'expired')
                   ORDER BY notice_try.at DESC LIMIT 1) f ON true
