-- examine --
-- What matters about the database.
SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS synchronous_commit,
       (SELECT count(*) FROM schema_migration) AS applied,
       CASE WHEN EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN 'TimescaleDB' ELSE 'partitions' END AS store

-- what_time --
-- The database's clock.
SELECT clock_timestamp()
