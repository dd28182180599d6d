-- find_login --
-- Ask the registry for one credential, before the district is known. $1 user name
SELECT password_hash, device_id, is_hub FROM broker_login($1)
