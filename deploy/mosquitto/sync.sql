-- list_credentials --
-- Every device that may speak now, of all districts.
SELECT username, password_hash, is_hub FROM broker_credentials() ORDER BY username
