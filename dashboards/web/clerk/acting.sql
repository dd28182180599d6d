-- list_scheme_names --
-- What the district's schemes are called.
SELECT DISTINCT ON (code) code, name FROM scheme ORDER BY code, version DESC
