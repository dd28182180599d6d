-- list_schemes_on --
-- The signed schemes in force on a day that somebody can be enrolled in, the newest version of each. $1 day
SELECT DISTINCT ON (code) id, code, name, body FROM scheme
WHERE state = 'signed' AND kind <> 'standard' AND effective_from <= $1 AND (effective_to IS NULL OR effective_to >= $1)
ORDER BY code, version DESC

-- list_recorded --
-- A person's recorded standings, the newest months first. $1 elder $2 most
SELECT scheme_code, month, on_day, is_eligible, is_enrolled, is_compliant, is_payable, reasons, judged_at FROM standing
WHERE elder_id = $1 ORDER BY month DESC, scheme_code LIMIT $2

-- find_own_settings --
-- The settings of the current district.
SELECT settings FROM district WHERE id = current_district()
