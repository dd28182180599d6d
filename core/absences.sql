-- record_absence --
-- A person is away. $1 id $2 district $3 elder $4 kind $5 from $6 until or null $7 now
INSERT INTO absence (id, district_id, elder_id, kind, starts_on, ends_on, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- overlaps --
-- Say whether an absence of these days is there. $1 elder $2 from $3 until or null
SELECT EXISTS (SELECT FROM absence WHERE elder_id = $1 AND daterange(starts_on, ends_on, '[]') && daterange($2::date, $3::date, '[]'))

-- find_absence --
-- One absence. $1 id
SELECT id, elder_id, kind, starts_on, ends_on, recorded_at FROM absence WHERE id = $1 FOR UPDATE

-- end_absence --
-- Until when. $1 id $2 last day $3 now
UPDATE absence SET ends_on = $2, recorded_at = $3 WHERE id = $1 RETURNING id, elder_id, kind, starts_on, ends_on, recorded_at

-- list_absences --
-- A person's absences, newest first. $1 elder
SELECT id, elder_id, kind, starts_on, ends_on, recorded_at FROM absence WHERE elder_id = $1 ORDER BY starts_on DESC LIMIT 100

-- record_death --
-- The day of a death, once; the same day again changes nothing. $1 elder $2 day
UPDATE elder SET died_on = $2 WHERE id = $1 AND (died_on IS NULL OR died_on = $2) RETURNING id

-- find_death --
-- When somebody died. $1 elder
SELECT died_on FROM elder WHERE id = $1

-- undo_death --
-- The death was recorded wrongly. $1 elder $2 the day that is recorded
UPDATE elder SET died_on = NULL WHERE id = $1 AND died_on = $2 RETURNING id
