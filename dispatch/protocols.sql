-- list_steps --
-- A district's own words for an alarm type, or for those without one. $1 alarm type $2 language
SELECT alarm_type, steps FROM protocol WHERE alarm_type IN ($1, 'default') AND language = $2

-- keep_steps --
-- A district's own words. $1 district $2 alarm type $3 language $4 steps
INSERT INTO protocol (district_id, alarm_type, language, steps) VALUES ($1, $2, $3, $4)
ON CONFLICT (district_id, alarm_type, language) DO UPDATE SET steps = excluded.steps
