-- find_login --
-- Ask the registry for one credential, before the district is known. $1 user name
SELECT password_hash, device_id, is_hub FROM broker_login($1)

-- find_district --
-- Say where a device lives. $1 device
SELECT district_id FROM device WHERE id = $1
