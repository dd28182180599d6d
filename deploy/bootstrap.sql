-- role_statement --
-- Write the statement that creates or repairs one role. $1 role  $2 password
SELECT format('%s ROLE %I LOGIN PASSWORD %L NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION',
              CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = $1::text) THEN 'ALTER' ELSE 'CREATE' END,
              $1::text, $2::text)

-- database_exists --
-- Say whether the database is there. $1 database
SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)

-- database_statement --
-- Write the statement that creates the database. $1 database  $2 owner
SELECT format('CREATE DATABASE %I OWNER %I', $1::text, $2::text)

-- close_statement --
-- Write the statement that shuts strangers out of the database. $1 database
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $1::text)

-- connect_statement --
-- Write the statement that lets one role in. $1 database  $2 role
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', $1::text, $2::text)

-- close_public --
-- Nobody creates or reads by accident of being there.
REVOKE ALL ON SCHEMA public FROM PUBLIC

-- timescale_available --
-- Say whether this server has TimescaleDB.
SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')

-- create_timescale --
-- Readings are a hypertable where the extension is.
CREATE EXTENSION IF NOT EXISTS timescaledb
