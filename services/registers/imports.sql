-- find_mapping --
-- The headings that the district keeps for a register. $1 register
SELECT mapping FROM register_source WHERE register = $1

-- keep_mapping --
-- Keep a register's headings. $1 district $2 register $3 mapping $4 by $5 now
INSERT INTO register_source (district_id, register, mapping, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (district_id, register) DO UPDATE SET mapping = excluded.mapping, set_by = excluded.set_by, set_at = excluded.set_at

-- find_applied --
-- The same bytes, imported before. $1 register $2 sha256
SELECT id, as_of, decided_at FROM register_import WHERE register = $1 AND sha256 = $2 AND state = 'applied' ORDER BY id DESC LIMIT 1

-- list_people --
-- Who of a list is known here, by blind index. $1 indexes
SELECT id, name, died_on, id_number_index FROM elder WHERE id_number_index = ANY ($1::bytea[])

-- list_held --
-- Facts and grades of the register's kinds: of some persons, and all that earlier imports of it said. $1 kinds $2 scales $3 elders $4 register
SELECT f.id, f.elder_id, f.kind, f.value, f.valid_from, f.valid_to, i.id IS NOT NULL AS is_ours
FROM person_fact f LEFT JOIN register_import i ON i.id = f.source_id AND i.register = $4
WHERE f.kind = ANY ($1::text[]) AND (i.id IS NOT NULL OR f.elder_id = ANY ($3::uuid[]))
UNION ALL
SELECT g.id, g.elder_id, 'grade:' || g.scale, g.grade, g.valid_from, g.valid_to, i.id IS NOT NULL
FROM grade g LEFT JOIN register_import i ON i.id = g.source_id AND i.register = $4
WHERE g.scale = ANY ($2::text[]) AND (i.id IS NOT NULL OR g.elder_id = ANY ($3::uuid[]))

-- create_import --
-- A list was brought. $1 id $2 district $3 register $4 via $5 name $6 sha256 $7 as of $8 complete $9 state $10 counts $11 sealed rows $12 by $13 now
INSERT INTO register_import (id, district_id, register, via, name, sha256, as_of, is_complete, state, counts, rows_sealed, brought_by, brought_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- note_mistake --
-- A mistake of a list, or a remark. $1 import $2 district $3 row $4 field $5 code $6 remark
INSERT INTO register_mistake (import_id, district_id, row_number, field, code, is_remark) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING

-- drop_mistakes --
-- The list is looked at again. $1 import
DELETE FROM register_mistake WHERE import_id = $1

-- find_import --
-- One import, locked. $1 id
SELECT id, district_id, register, via, name, sha256, as_of, is_complete, state, counts, rows_sealed, brought_by, brought_at, decided_by,
       decided_at
FROM register_import WHERE id = $1 FOR UPDATE

-- list_imports --
-- Imports, newest first. $1 register or null $2 state or null $3 before this id or null $4 most
SELECT i.id, i.register, i.via, i.name, i.as_of, i.is_complete, i.state, i.counts, a.name AS brought_by_name, i.brought_at, i.decided_at
FROM register_import i LEFT JOIN account a ON a.id = i.brought_by
WHERE ($1::text IS NULL OR i.register = $1) AND ($2::text IS NULL OR i.state = $2) AND ($3::uuid IS NULL OR i.id < $3)
ORDER BY i.id DESC LIMIT $4

-- list_mistakes --
-- What is wrong in a list, in the order of its rows. $1 import $2 most
SELECT row_number AS row, field, code, is_remark FROM register_mistake WHERE import_id = $1
ORDER BY is_remark, row_number, field, code LIMIT $2

-- settle_import --
-- What became of a list; its rows are forgotten. $1 id $2 state it was in $3 state $4 counts $5 by $6 now
UPDATE register_import SET state = $3, counts = $4, decided_by = $5, decided_at = $6, rows_sealed = NULL WHERE id = $1 AND state = $2
RETURNING id
