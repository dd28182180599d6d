-- list_names --
-- Names of elders and of accounts. $1 ids
SELECT id, name FROM elder WHERE id = ANY ($1::uuid[]) UNION ALL SELECT id, name FROM account WHERE id = ANY ($1::uuid[])
