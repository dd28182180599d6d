-- lock_gaps --
-- One look at a time in a district. $1 district
SELECT pg_advisory_xact_lock(7419039, hashtext($1::text))

-- list_open --
-- Open gaps with whom and what they are about, gravest first.
SELECT g.id, g.kind, g.severity, g.elder_id, e.name AS elder_name, g.care_bed_id, b.label AS care_bed_label, g.detail, g.opened_at,
       g.taken_by, a.name AS taken_by_name, g.taken_at
FROM cover_gap g LEFT JOIN elder e ON e.id = g.elder_id LEFT JOIN care_bed b ON b.id = g.care_bed_id
LEFT JOIN account a ON a.id = g.taken_by WHERE g.closed_at IS NULL ORDER BY g.severity, g.kind, g.opened_at, g.id LIMIT 500

-- list_closed --
-- The gaps that closed last. $1 most
SELECT g.id, g.kind, g.severity, e.name AS elder_name, b.label AS care_bed_label, g.detail, g.opened_at, g.closed_at,
       a.name AS taken_by_name
FROM cover_gap g LEFT JOIN elder e ON e.id = g.elder_id LEFT JOIN care_bed b ON b.id = g.care_bed_id
LEFT JOIN account a ON a.id = g.taken_by WHERE g.closed_at IS NOT NULL ORDER BY g.closed_at DESC, g.id LIMIT $1

-- list_known --
-- What is open already.
SELECT id, kind, subject, severity, elder_id, detail FROM cover_gap WHERE closed_at IS NULL

-- open_gap --
-- A gap. $1 id $2 district $3 kind $4 subject $5 severity $6 elder $7 bed $8 detail $9 now
INSERT INTO cover_gap (id, district_id, kind, subject, severity, elder_id, care_bed_id, detail, opened_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- update_gap --
-- Its figures have changed. $1 gap $2 detail $3 severity
UPDATE cover_gap SET detail = $2, severity = $3 WHERE id = $1 AND closed_at IS NULL

-- close_gap --
-- It is covered. $1 gap $2 now
UPDATE cover_gap SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL

-- find_gap --
-- One gap with who took it. $1 gap
SELECT g.id, g.district_id, g.elder_id, g.closed_at, g.taken_at, a.name AS taken_by_name
FROM cover_gap g LEFT JOIN account a ON a.id = g.taken_by WHERE g.id = $1

-- take_gap --
-- The first who sees to it has it. $1 gap $2 account $3 now
UPDATE cover_gap SET taken_by = $2, taken_at = $3 WHERE id = $1 AND taken_at IS NULL AND closed_at IS NULL RETURNING id

-- list_managers --
-- Every duty manager, for a night on which none is on duty.
SELECT id AS account_id, language FROM account WHERE district_id = current_district() AND role = 'duty_manager' AND disabled_at IS NULL ORDER BY id

-- forget_gaps --
-- Gaps past their retention. $1 before
DELETE FROM cover_gap WHERE closed_at < $1
