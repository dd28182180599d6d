-- The role with which EMQX asks the registry: it may call two functions and read nothing. Run it as the superuser in
-- the database `yinling`, with a password of your own.
CREATE ROLE yinling_emqx LOGIN PASSWORD 'change me' NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT 16;
DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO yinling_emqx', current_database()); END $$;
GRANT USAGE ON SCHEMA public TO yinling_emqx;
GRANT EXECUTE ON FUNCTION emqx_login(text, text), emqx_acl(text) TO yinling_emqx;
