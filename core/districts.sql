-- list_districts --
-- All districts.
SELECT id FROM district ORDER BY code

-- list_all --
-- All districts with code and name.
SELECT id, code, name FROM district ORDER BY code

-- find_settings --
-- One district's settings. $1 district
SELECT settings FROM district WHERE id = $1

-- find_district_by_code --
-- One district by code. $1 code
SELECT id, code, name, is_demo, settings, created_at FROM district WHERE code = $1

-- create_district --
-- A new district. $1 id $2 code $3 name $4 demo $5 settings $6 now
INSERT INTO district (id, code, name, is_demo, settings, created_at) VALUES ($1, $2, $3, $4, $5, $6)

-- create_region --
-- A region, once. $1 code $2 name $3 parent
INSERT INTO region (code, name, parent_code) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING
