-- list_missed --
-- Who is to be called back, who was missed first on top. $1 most
SELECT (array_agg(i.call_id ORDER BY i.arrived_at DESC))[1] AS id, count(*) AS calls, min(i.arrived_at) AS first_at,
       max(i.arrived_at) AS last_at, sum(i.tries) AS tries, max(i.tried_at) AS tried_at,
       max(i.ended_at - i.arrived_at) AS waited, array_agg(DISTINCT i.reason) AS reasons,
       (array_agg(i.number_sealed))[1] AS number_sealed, (array_agg(i.case_id ORDER BY i.arrived_at DESC) FILTER (WHERE i.case_id IS NOT NULL))[1] AS case_id,
       (SELECT string_agg(DISTINCT coalesce(e.name, m.name, g.name, a.name), ', ') FROM caller_number n
        LEFT JOIN elder e ON e.id = n.subject_id LEFT JOIN family_member m ON m.id = n.subject_id
        LEFT JOIN caregiver g ON g.id = n.subject_id LEFT JOIN account a ON a.id = n.subject_id
        WHERE n.number_index = i.number_index) AS names,
       (SELECT string_agg(DISTINCT e.name, ', ') FROM phone_call c JOIN elder e ON e.id = c.elder_id
        JOIN inbound_call o ON o.call_id = c.id WHERE o.number_index = i.number_index) AS elders
FROM inbound_call i WHERE i.reason IS NOT NULL AND i.returned_at IS NULL
GROUP BY i.number_index, CASE WHEN i.number_index IS NULL THEN i.call_id END ORDER BY min(i.arrived_at), id LIMIT $1

-- count_missed --
-- How many are to be called back.
SELECT count(DISTINCT coalesce(number_index, uuid_send(call_id))) FROM inbound_call WHERE reason IS NOT NULL AND returned_at IS NULL

-- count_try --
-- A call back that did not reach anybody. $1 call $2 its number's index $3 now $4 by
UPDATE inbound_call SET tries = tries + 1, tried_at = $3, tried_by = $4
WHERE call_id = $1 AND ($2::bytea IS NULL OR number_index = $2) AND reason IS NOT NULL AND returned_at IS NULL

-- return_one --
-- A missed call without a number is done with. $1 call $2 now $3 by $4 how
UPDATE inbound_call SET returned_at = $2, returned_by = $3, returned_how = $4 WHERE call_id = $1 AND returned_at IS NULL

-- lock_missed --
-- One tick of a district after the other. $1 district
SELECT pg_advisory_xact_lock(hashtextextended('missed ' || $1, 0))

-- take_overdue --
-- Numbers that nobody called back in time, or that came when nobody was there; one call of each. $1 missed before $2 most
SELECT DISTINCT ON (coalesce(i.number_index, uuid_send(i.call_id))) i.call_id, i.number_index FROM inbound_call i
WHERE i.reason IS NOT NULL AND i.returned_at IS NULL AND i.case_id IS NULL
  AND (i.ended_at <= $1 OR i.reason = 'nobody_on_duty') AND i.reason <> 'gave_up_at_once'
ORDER BY coalesce(i.number_index, uuid_send(i.call_id)), i.arrived_at DESC LIMIT $2

-- name_case --
-- The case that speaks for a number's missed calls. $1 call $2 its number's index or null $3 case
UPDATE inbound_call SET case_id = $3 WHERE (call_id = $1 OR number_index = $2) AND reason IS NOT NULL AND returned_at IS NULL AND case_id IS NULL

-- find_awake --
-- The newest case of a person that pages, or that somebody works on. $1 elder $2 states
SELECT id FROM care_case
WHERE elder_id = $1 AND class = 'care' AND state = ANY($2::text[])
  AND lowered_until IS NULL AND paused_by IS NULL ORDER BY opened_at DESC LIMIT 1
