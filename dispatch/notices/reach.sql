-- list_reach --
-- What last reached each person, and what did not. $1 people
SELECT p.id AS person_id, r.last_reached_at, r.last_failed_at, r.code, r.channel, r.failed_channel, r.is_permanent
FROM unnest($1::uuid[]) AS p(id) CROSS JOIN LATERAL reach_of(p.id) r
