-- insert_rule --
-- Change a rule from a time on. $1 id $2 district $3 elder $4 rule $5 params $6 enabled $7 from $8 to $9 now $10 account
INSERT INTO alarm_rule (id, district_id, elder_id, rule, params, enabled, valid_from, valid_to, created_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- end_rule --
-- Let a change end, unless it has; one that never began ends where it would have begun. $1 id $2 now
UPDATE alarm_rule SET valid_to = greatest(valid_from, $2::timestamptz)
WHERE id = $1 AND (valid_to IS NULL OR valid_to > $2) RETURNING id

-- find_rule --
-- One change. $1 id
SELECT id, elder_id, rule, params, enabled, valid_from, valid_to, created_at, created_by FROM alarm_rule WHERE id = $1

-- list_rules --
-- Changes, newest first. $1 elder $2 after $3 limit
SELECT id, elder_id, rule, params, enabled, valid_from, valid_to, created_at, created_by FROM alarm_rule
WHERE ($1::uuid IS NULL OR elder_id = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3

-- list_in_force --
-- What is changed now, the more particular and the later last. $1 elder $2 now
SELECT id, elder_id, rule, params, enabled FROM alarm_rule
WHERE valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) AND (elder_id IS NULL OR elder_id = $1)
ORDER BY elder_id NULLS FIRST, valid_from, id

-- find_settings --
-- The settings of the current district.
SELECT settings FROM district WHERE id = current_district()
