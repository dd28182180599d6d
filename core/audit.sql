-- record_audit --
-- Append a line. $1 id $2 district $3 at $4 account $5 action $6 subject kind $7 subject $8 detail
INSERT INTO audit_log (id, district_id, at, account_id, action, subject_kind, subject_id, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- lock_chain --
-- One tick a district at a time. $1 district
SELECT pg_advisory_xact_lock(hashtextextended('audit ' || $1::text, 0))

-- find_head --
-- The last line of the chain of the current district.
SELECT number, hash FROM audit_log WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1

-- list_unchained --
-- Lines that wait for the chain. $1 most
SELECT id, at, account_id, action, subject_kind, subject_id, detail FROM audit_log WHERE number IS NULL ORDER BY id LIMIT $1

-- link_audit --
-- Put a line into the chain. $1 id $2 number $3 hash
UPDATE audit_log SET number = $2, hash = $3 WHERE id = $1 AND number IS NULL

-- list_chain --
-- The chain in order. $1 after this number $2 most
SELECT id, at, account_id, action, subject_kind, subject_id, detail, number, hash FROM audit_log
WHERE number > $1 ORDER BY number LIMIT $2

-- has_link --
-- Say whether a line of the chain has a hash. $1 number $2 hash
SELECT EXISTS (SELECT FROM audit_log WHERE number = $1 AND hash = $2)

-- list_audit --
-- Newest first. $1 subject or null $2 before this id or null $3 most
SELECT l.id, l.at, l.account_id, a.name AS account_name, a.role, l.action, l.subject_kind, l.subject_id, l.detail, l.number,
       encode(l.hash, 'hex') AS hash
FROM audit_log l LEFT JOIN account a ON a.id = l.account_id
WHERE ($1::uuid IS NULL OR l.subject_id = $1) AND ($2::uuid IS NULL OR l.id < $2)
ORDER BY l.id DESC LIMIT $3
