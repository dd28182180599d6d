-- touch --
-- Take the elder's plans for a change and have them looked at; the row is the lock. $1 elder $2 district $3 today
INSERT INTO care_plan_horizon (elder_id, district_id, looked_on) VALUES ($1, $2, $3)
ON CONFLICT (elder_id) DO UPDATE SET is_touched = true

-- discard_draft --
-- Make room for another draft. $1 elder
UPDATE care_plan SET state = 'discarded' WHERE elder_id = $1 AND state = 'draft'

-- create_plan --
-- The elder's next version. $1 id $2 district $3 elder $4 assessment $5 goals $6 from $7 to $8 by $9 now
INSERT INTO care_plan (id, district_id, elder_id, version, state, assessment_id, goals, valid_from, valid_to, created_by, created_at)
SELECT $1, $2, $3, coalesce(max(version), 0) + 1, 'draft', $4, $5, $6, $7, $8, $9 FROM care_plan WHERE elder_id = $3

-- create_item --
-- A line that is not there yet. $1 id $2 district $3 elder $4 service $5 rule $6 starts $7 except $8 also $9 holiday $10 working days
-- $11 windows $12 each $13 minutes $14 staff $15 provider $16 funding $17 within quota $18 optional $19 movable $20 follows $21 least
-- $22 most $23 replaces $24 now
INSERT INTO care_plan_item (id, district_id, elder_id, service, rrule, starts_on, except_on, also_on, holiday, working_days_only, windows,
                            each_window, minutes, staff, provider_id, funding, within_quota, is_optional, is_movable, follows_id,
                            follows_min, follows_max, replaces_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)

-- create_line --
-- An item stands in a version. $1 plan $2 item $3 district $4 position $5 note
INSERT INTO care_plan_line (plan_id, item_id, district_id, position, note) VALUES ($1, $2, $3, $4, $5)

-- list_items_of_elder --
-- Every item that an elder has had. $1 elder
SELECT * FROM care_plan_item WHERE elder_id = $1

-- list_items_of_plan --
-- A version's items in order. $1 plan
SELECT i.*, l.position, l.note, p.name AS provider_name FROM care_plan_line l JOIN care_plan_item i ON i.id = l.item_id
LEFT JOIN provider p ON p.id = i.provider_id WHERE l.plan_id = $1 ORDER BY l.position

-- list_in_force --
-- The items of the versions in force on any of the days. $1 elder $2 first $3 last
SELECT i.*, p.id AS plan_id, p.valid_from, p.valid_to FROM care_plan p JOIN care_plan_line l ON l.plan_id = p.id
JOIN care_plan_item i ON i.id = l.item_id
WHERE p.elder_id = $1 AND p.state IN ('approved', 'ended') AND p.valid_from <= $3 AND (p.valid_to IS NULL OR p.valid_to >= $2)
ORDER BY p.valid_from, l.position

-- find_plan --
-- One version. $1 id
SELECT c.*, e.name AS elder_name, a.name AS created_by_name, b.name AS approved_by_name FROM care_plan c
JOIN elder e ON e.id = c.elder_id JOIN account a ON a.id = c.created_by LEFT JOIN account b ON b.id = c.approved_by WHERE c.id = $1

-- list_plans --
-- Versions, newest first. $1 elder or null $2 provider or null $3 before this id or null $4 most
SELECT c.*, e.name AS elder_name, a.name AS created_by_name, b.name AS approved_by_name FROM care_plan c
JOIN elder e ON e.id = c.elder_id JOIN account a ON a.id = c.created_by LEFT JOIN account b ON b.id = c.approved_by
WHERE ($1::uuid IS NULL OR c.elder_id = $1) AND ($3::uuid IS NULL OR c.id < $3)
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM care_bed d WHERE d.elder_id = c.elder_id AND d.provider_id = $2 AND d.ended_on IS NULL)
       OR EXISTS (SELECT FROM care_plan_item i WHERE i.elder_id = c.elder_id AND i.provider_id = $2)) ORDER BY c.id DESC LIMIT $4

-- serves --
-- Say whether a provider has an elder's care bed, or a line of a plan. $1 provider $2 elder
SELECT EXISTS (SELECT FROM care_bed WHERE elder_id = $2 AND provider_id = $1 AND ended_on IS NULL)
    OR EXISTS (SELECT FROM care_plan_item WHERE elder_id = $2 AND provider_id = $1)

-- replace_later --
-- Versions that would have begun with the new one or after it never come into force. $1 elder $2 first day
UPDATE care_plan SET state = 'replaced' WHERE elder_id = $1 AND state = 'approved' AND valid_from >= $2

-- end_earlier --
-- The version before ends the day before. $1 elder $2 first day of the new one $3 the day before
UPDATE care_plan SET valid_to = $3 WHERE elder_id = $1 AND state IN ('approved', 'ended') AND valid_from < $2
  AND (valid_to IS NULL OR valid_to >= $2)

-- approve_plan --
-- A draft comes into force. $1 id $2 by $3 now $4 who agreed $5 when
UPDATE care_plan SET state = 'approved', approved_by = $2, approved_at = $3, agreed_by = $4, agreed_on = $5
WHERE id = $1 AND state = 'draft' RETURNING id

-- discard_plan --
-- A draft is thrown away. $1 id
UPDATE care_plan SET state = 'discarded' WHERE id = $1 AND state = 'draft' RETURNING id

-- end_plan --
-- A version is broken off. $1 id $2 last day $3 reason
UPDATE care_plan SET state = 'ended', valid_to = $2, ended_reason = $3 WHERE id = $1 AND state = 'approved' RETURNING id

-- stop_plans --
-- Everything that would go on after a day is broken off; returns how it was. $1 elder $2 last day $3 reason
UPDATE care_plan c SET state = CASE c.state WHEN 'draft' THEN 'discarded' ELSE 'ended' END,
       valid_to = CASE c.state WHEN 'draft' THEN c.valid_to ELSE greatest(c.valid_from, $2::date) END,
       ended_reason = CASE c.state WHEN 'draft' THEN c.ended_reason ELSE $3 END
FROM (SELECT id, state AS was, valid_to AS was_to FROM care_plan WHERE elder_id = $1 AND state IN ('draft', 'approved')
        AND (valid_to IS NULL OR valid_to > $2::date) FOR UPDATE) b
WHERE c.id = b.id RETURNING c.id, b.was, b.was_to

-- resume_plan --
-- It was broken off by mistake. $1 id $2 its state $3 its last day or null
UPDATE care_plan SET state = $2, valid_to = $3, ended_reason = NULL WHERE id = $1 AND state IN ('ended', 'discarded')
