-- find_demo --
-- Name a demo district, if there is one.
SELECT name FROM district WHERE is_demo ORDER BY code LIMIT 1
