-- list_asked --
-- Whom the drill asked, relatives first, then caregivers.
SELECT id, coalesce(family_member_id, caregiver_id) AS outside_id, channels FROM notice WHERE kind = 'drill' AND next_at IS NOT NULL
ORDER BY family_member_id NULLS LAST, caregiver_id NULLS LAST, id

-- add_try --
-- How somebody was tried. $1 id $2 notice $3 channel $4 state $5 code $6 for good $7 token $8 at
INSERT INTO notice_try (id, district_id, notice_id, person_id, channel, nth, state, code, is_permanent, token, at, taken_at, sent_at, receipt_at, ended_at)
SELECT $1, n.district_id, n.id, n.person_id, $3, 1, $4, $5, $6, $7, $8::timestamptz, $8, $8, CASE WHEN $4 <> 'failed' THEN $8 END,
       CASE WHEN $4 = 'failed' THEN $8 END
FROM notice n WHERE n.id = $2

-- end_notice --
-- What it came to. $1 notice $2 state $3 at
UPDATE notice SET state = $2, next_at = NULL, ended_at = $3::timestamptz, answer = CASE WHEN $2 = 'answered' THEN 'seen' END,
       answered_at = CASE WHEN $2 = 'answered' THEN $3 END
WHERE id = $1
