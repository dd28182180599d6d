-- list_regions --
-- The district's regions. $1 its code
SELECT code, name FROM region WHERE code LIKE $1 || '%' ORDER BY code
