-- list_policies --
-- Every version, newest first.
SELECT p.id, p.version, p.name, p.steps, p.active, p.created_at, p.changed_at, p.activated_at,
       CASE WHEN p.active THEN 'active' WHEN p.activated_at IS NULL THEN 'draft' ELSE 'retired' END AS state,
       m.name AS created_by_name, a.name AS activated_by_name
FROM escalation_policy p LEFT JOIN account m ON m.id = p.created_by LEFT JOIN account a ON a.id = p.activated_by
ORDER BY p.active DESC, p.version DESC NULLS LAST, p.created_at DESC LIMIT 100

-- find_version --
-- One version. $1 id
SELECT p.id, p.district_id, p.version, p.name, p.steps, p.active, p.created_at, p.changed_at, p.activated_at,
       CASE WHEN p.active THEN 'active' WHEN p.activated_at IS NULL THEN 'draft' ELSE 'retired' END AS state,
       m.name AS created_by_name, a.name AS activated_by_name
FROM escalation_policy p LEFT JOIN account m ON m.id = p.created_by LEFT JOIN account a ON a.id = p.activated_by WHERE p.id = $1

-- lock_versions --
-- One at a time numbers versions or puts one into force. $1 district
SELECT pg_advisory_xact_lock(7419034, hashtext($1::text))

-- create_policy --
-- The next version, a draft. $1 id $2 district $3 name $4 steps $5 now $6 account or null
INSERT INTO escalation_policy (id, district_id, name, steps, active, created_at, changed_at, created_by, version)
SELECT $1, $2, $3, $4, false, $5, $5, $6, coalesce(max(version), 0) + 1 FROM escalation_policy

-- change_draft --
-- A draft anew. $1 id $2 name $3 steps $4 now
UPDATE escalation_policy SET name = $2, steps = $3, changed_at = $4 WHERE id = $1 AND activated_at IS NULL RETURNING id

-- retire_policies --
-- Only one is active. $1 the one that will be
UPDATE escalation_policy SET active = false WHERE active AND id <> $1

-- activate --
-- Into force. $1 id $2 now $3 account or null
UPDATE escalation_policy SET active = true, activated_at = $2, activated_by = $3 WHERE id = $1 AND NOT active RETURNING id

-- find_policy --
-- The policy in force.
SELECT id, name, steps FROM escalation_policy WHERE active
