-- export_snapshot --
-- Let pg_dump see what this transaction sees.
SELECT pg_export_snapshot()

-- has_tables --
-- Say whether anything is in the database already.
SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname IN ('public', 'ingest'))

-- list_tables --
-- Every table with rows of its own, in a stable order.
SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'ingest') AND c.relkind = 'r' ORDER BY 1, 2

-- digest_statement --
-- Write the statement that digests one table, whatever the order of its rows. $1 schema  $2 table
SELECT format('SELECT count(*) AS count, coalesce(sum(hashtextextended(t::text, 7)::numeric), 0) AS sum FROM %I.%I t',
              $1::text, $2::text)
