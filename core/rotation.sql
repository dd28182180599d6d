-- list_sealed_columns --
-- Every sealed column, and whether its table is under a district; what lies in ingest is sealed for the installation.
SELECT target, col, has_district AND target NOT LIKE 'ingest.%' AS has_district FROM sealed_columns()

-- list_stale --
-- Values that an older master sealed. $1 table $2 column $3 newest master $4 most
SELECT value FROM stale_sealed($1, $2, $3, $4) AS value

-- reseal_value --
-- Put the renewed value in the old one's place. $1 table $2 column $3 old $4 new
SELECT reseal($1, $2, $3, $4)
