-- find_enrolment --
-- One enrolment, locked. $1 id
SELECT id, district_id, elder_id, scheme_code, valid_from, valid_to FROM enrolment WHERE id = $1 FOR UPDATE

-- find_enrolment_on --
-- The enrolment that holds on a day, locked. $1 elder $2 scheme code $3 day
SELECT id, district_id, elder_id, scheme_code, valid_from, valid_to FROM enrolment
WHERE elder_id = $1 AND scheme_code = $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to >= $3) FOR UPDATE

-- stop_enrolment --
-- The last day; only while it would go on longer. $1 id $2 last day
UPDATE enrolment SET valid_to = $2 WHERE id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) RETURNING id

-- reopen_enrolment --
-- It goes on as it did before. $1 id $2 last day or null $3 last day as it is now
UPDATE enrolment SET valid_to = $2 WHERE id = $1 AND valid_to = $3 RETURNING id

-- note_entry --
-- What was done to an enrolment. $1 id $2 district $3 enrolment $4 elder $5 scheme $6 action $7 day $8 reason $9 source $10 by $11 now $12 last day before
INSERT INTO enrolment_entry (id, district_id, enrolment_id, elder_id, scheme_code, action, on_day, reason, source_id, by_account, recorded_at,
                             last_day_before)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- list_entries --
-- What was done, oldest first. $1 elder
SELECT n.id, n.enrolment_id, n.scheme_code, n.action, n.on_day, n.reason, n.source_id, n.by_account, a.name AS by_name, n.recorded_at
FROM enrolment_entry n LEFT JOIN account a ON a.id = n.by_account WHERE n.elder_id = $1 ORDER BY n.id

-- last_entries --
-- The last thing done in each scheme. $1 elders
SELECT DISTINCT ON (elder_id, scheme_code) elder_id, scheme_code, action, on_day, reason, enrolment_id, last_day_before FROM enrolment_entry
WHERE elder_id = ANY ($1::uuid[]) ORDER BY elder_id, scheme_code, id DESC
