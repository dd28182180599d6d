-- list_districts --
-- Every district with its choices.
SELECT id, settings FROM district ORDER BY code

-- knows --
-- A district knows a number. $1 index
SELECT EXISTS (SELECT FROM caller_number WHERE number_index = $1)
