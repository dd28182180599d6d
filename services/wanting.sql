-- take_due --
-- Take one elder whose weeks ahead must be looked at; another worker's is passed over. $1 today
SELECT elder_id FROM care_plan_horizon WHERE is_touched OR looked_on < $1 ORDER BY looked_on, elder_id LIMIT 1 FOR UPDATE SKIP LOCKED

-- looked --
-- Looked at. $1 elder $2 today $3 wanted until
UPDATE care_plan_horizon SET looked_on = $2, wanted_until = $3, is_touched = false, failed = NULL WHERE elder_id = $1

-- failed --
-- It failed, and is tried again tomorrow or when something changes. $1 elder $2 today $3 error
UPDATE care_plan_horizon SET looked_on = $2, is_touched = false, failed = $3 WHERE elder_id = $1

-- find_elder --
-- What a look hangs on: the death, the care bed and who serves it. $1 elder
SELECT e.id, e.district_id, e.died_on, b.id AS care_bed_id, b.provider_id FROM elder e
LEFT JOIN LATERAL (SELECT id, provider_id FROM care_bed WHERE elder_id = e.id AND ended_on IS NULL ORDER BY enrolled_on LIMIT 1) b ON true
WHERE e.id = $1

-- list_grades --
-- The ability grades from a day on, the first in force first. $1 elder $2 day
SELECT grade, valid_from, valid_to FROM grade
WHERE elder_id = $1 AND scale = 'gbt_42195' AND (valid_to IS NULL OR valid_to >= $2) ORDER BY valid_from

-- list_standing --
-- Visits that care plans have wanted, from a day on; one taken back has a mark in its origin. $1 elder $2 since
SELECT id, origin, state, staff, window_start, window_end, planned_start, promised_at FROM visit
WHERE elder_id = $1 AND window_end >= $2 AND origin LIKE 'care_plan_item:%' AND origin NOT LIKE '%#%'

-- list_ahead --
-- Planned visits that have not begun. $1 elder $2 now
SELECT id FROM visit WHERE elder_id = $1 AND case_id IS NULL AND state IN ('wanted', 'offered', 'accepted') AND window_end > $2

-- list_lapsed --
-- Visits that were held until their time was over. $1 elder $2 now
SELECT id FROM visit WHERE elder_id = $1 AND held_reason IS NOT NULL AND state = 'wanted' AND case_id IS NULL AND window_end <= $2
  AND (movable_to IS NULL OR movable_to < ($2 AT TIME ZONE 'Asia/Shanghai')::date)
  AND NOT EXISTS (SELECT FROM jsonb_array_elements(windows) w WHERE (w->>'to')::timestamptz > $2)
