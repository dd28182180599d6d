-- list_scripts --
-- A district's own scripts and those of ours that its cases have used, newest first.
SELECT s.id, s.version, s.source, s.state, s.written_at, w.name AS written_by_name, s.activated_at, a.name AS activated_by_name,
       s.retired_at, r.name AS retired_by_name, (SELECT count(*) FROM case_protocol c WHERE c.script_id = s.id)::int AS cases
FROM protocol_script s LEFT JOIN account w ON w.id = s.written_by LEFT JOIN account a ON a.id = s.activated_by
LEFT JOIN account r ON r.id = s.retired_by ORDER BY s.version DESC LIMIT 100

-- find_script --
-- One script with its words. $1 script
SELECT id, district_id, version, source, words, digest, state, written_at, activated_at, retired_at FROM protocol_script WHERE id = $1

-- find_draft --
-- The district's draft.
SELECT id, version, words, digest, written_at FROM protocol_script WHERE state = 'draft'

-- create_draft --
-- A draft; a second at the same time is refused by its index. $1 id $2 district $3 words $4 digest $5 account $6 now
INSERT INTO protocol_script (id, district_id, version, source, words, digest, state, written_by, written_at)
VALUES ($1, $2, (SELECT coalesce(max(version), 0) + 1 FROM protocol_script), 'district', $3, $4, 'draft', $5, $6) RETURNING id

-- update_draft --
-- Other words of the draft, if it is still the one that was read. $1 script $2 words $3 digest $4 account $5 now $6 digest that was read
UPDATE protocol_script SET words = $2, digest = $3, written_by = $4, written_at = $5
WHERE id = $1 AND state = 'draft' AND digest = $6 RETURNING id

-- lock_scripts --
-- One change of what is in force at a time. $1 district
SELECT pg_advisory_xact_lock(7419038, hashtext($1::text))

-- retire_active --
-- What was in force until now. $1 account $2 now
UPDATE protocol_script SET state = 'retired', retired_by = $1, retired_at = $2 WHERE state = 'active' AND source = 'district'

-- activate --
-- A draft comes into force. $1 script $2 account $3 now $4 the digest that was checked
UPDATE protocol_script SET state = 'active', activated_by = $2, activated_at = $3 WHERE id = $1 AND state = 'draft' AND digest = $4 RETURNING id

-- retire --
-- One goes out of force, with none in its place: ours follows. $1 script $2 account $3 now
UPDATE protocol_script SET state = 'retired', retired_by = $2, retired_at = $3
WHERE id = $1 AND state = 'active' AND source = 'district' RETURNING id

-- find_in_force --
-- The district's own script at an instant. $1 at
SELECT id, version, words FROM protocol_script
WHERE source = 'district' AND activated_at <= $1 AND (retired_at IS NULL OR retired_at > $1) ORDER BY activated_at DESC LIMIT 1

-- find_product --
-- Ours with these words. $1 digest
SELECT id FROM protocol_script WHERE source = 'product' AND digest = $1

-- keep_product --
-- Ours as it is now, for the cases that begin with it. $1 id $2 district $3 words $4 digest $5 now
INSERT INTO protocol_script (id, district_id, version, source, words, digest, state, written_at, activated_at)
VALUES ($1, $2, (SELECT coalesce(max(version), 0) + 1 FROM protocol_script), 'product', $3, $4, 'active', $5, $5)
ON CONFLICT DO NOTHING
