-- find_card --
-- An elder's code. $1 elder
SELECT code_sealed FROM meal_card WHERE elder_id = $1

-- make_card --
-- A code, in place of the one before. $1 elder $2 district $3 sealed $4 index $5 now
INSERT INTO meal_card (elder_id, district_id, code_sealed, code_index, made_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (elder_id) DO UPDATE SET code_sealed = $3, code_index = $4, made_at = $5

-- find_owner --
-- Whose code it is. $1 index
SELECT c.elder_id FROM meal_card c JOIN elder e ON e.id = c.elder_id WHERE c.code_index = $1 AND e.died_on IS NULL
