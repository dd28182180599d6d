-- has_demo --
-- Is there a district of the demonstration?
SELECT EXISTS (SELECT FROM district WHERE is_demo)
