-- list_people --
-- Living elders to choose from, by name.
SELECT id, name, born_on FROM elder WHERE died_on IS NULL ORDER BY name, id LIMIT 500
