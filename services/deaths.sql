-- lock_elder --
-- A person, locked: two who report at once come one after the other. $1 elder
SELECT id, district_id FROM elder WHERE id = $1 FOR NO KEY UPDATE

-- find_live --
-- What is said of a death and not taken back. $1 elder
SELECT id, state, died_on FROM death_event WHERE elder_id = $1 AND state IN ('reported', 'confirmed')

-- report_death --
-- Somebody is said to have died. $1 id $2 district $3 elder $4 day $5 source $6 its record $7 by $8 now
INSERT INTO death_event (id, district_id, elder_id, died_on, source, source_id, state, reported_by, reported_at)
VALUES ($1, $2, $3, $4, $5, $6, 'reported', $7, $8)

-- set_day --
-- The day as the certificate says. $1 id $2 day
UPDATE death_event SET died_on = $2 WHERE id = $1 AND state = 'reported'

-- lock_death --
-- One event for a change. $1 id
SELECT id, district_id, elder_id, died_on, state, decided_by, effects, family_ended_at FROM death_event WHERE id = $1 FOR UPDATE

-- confirm_death --
-- It is so. $1 id $2 by $3 now $4 what it stopped $5 the family sees until
UPDATE death_event SET state = 'confirmed', decided_by = $2, decided_at = $3, effects = $4, family_until = $5
WHERE id = $1 AND state = 'reported'

-- dismiss_death --
-- It is not so. $1 id $2 by $3 now $4 reason
UPDATE death_event SET state = 'dismissed', decided_by = $2, decided_at = $3, reason = $4 WHERE id = $1 AND state = 'reported'

-- undo_death --
-- It was confirmed wrongly. $1 id $2 by $3 now $4 reason $5 what it stopped, and what was not restored
UPDATE death_event SET state = 'undone', undone_by = $2, undone_at = $3, reason = $4, effects = $5 WHERE id = $1 AND state = 'confirmed'

-- find_death --
-- One event with names. $1 id
SELECT d.*, e.name AS elder_name, r.name AS reported_by_name, a.name AS decided_by_name, u.name AS undone_by_name
FROM death_event d JOIN elder e ON e.id = d.elder_id LEFT JOIN account r ON r.id = d.reported_by
LEFT JOIN account a ON a.id = d.decided_by LEFT JOIN account u ON u.id = d.undone_by WHERE d.id = $1

-- list_of_elder --
-- What was said of one person's death, newest first. $1 elder
SELECT d.*, r.name AS reported_by_name, a.name AS decided_by_name, u.name AS undone_by_name
FROM death_event d LEFT JOIN account r ON r.id = d.reported_by LEFT JOIN account a ON a.id = d.decided_by
LEFT JOIN account u ON u.id = d.undone_by WHERE d.elder_id = $1 ORDER BY d.id DESC LIMIT 20

-- list_deaths --
-- Events, newest first. $1 state or null $2 before this id or null $3 most
SELECT d.*, e.name AS elder_name, r.name AS reported_by_name, a.name AS decided_by_name, u.name AS undone_by_name
FROM death_event d JOIN elder e ON e.id = d.elder_id LEFT JOIN account r ON r.id = d.reported_by
LEFT JOIN account a ON a.id = d.decided_by LEFT JOIN account u ON u.id = d.undone_by
WHERE ($1::text IS NULL OR d.state = $1) AND ($2::uuid IS NULL OR d.id < $2) ORDER BY d.id DESC LIMIT $3

-- list_open_cases --
-- What is not closed for a person. $1 elder
SELECT id FROM care_case WHERE elder_id = $1 AND state <> 'closed' ORDER BY id

-- list_ahead --
-- Planned visits to which nobody has come. $1 elder
SELECT id FROM visit WHERE elder_id = $1 AND case_id IS NULL AND state IN ('wanted', 'offered', 'accepted', 'en_route') ORDER BY id

-- list_meals --
-- Portions that are neither eaten nor on their way. $1 elder $2 today
SELECT id FROM meal_serving WHERE elder_id = $1 AND "on" >= $2 AND cancelled_at IS NULL AND served_at IS NULL AND batch_id IS NULL ORDER BY id

-- list_open_beds --
-- A person's open care beds. $1 elder
SELECT id FROM care_bed WHERE elder_id = $1 AND ended_on IS NULL ORDER BY id

-- list_enrolments --
-- Enrolments that would go on after a day. $1 elder $2 day
SELECT id, valid_from FROM enrolment
WHERE elder_id = $1 AND (valid_to IS NULL OR valid_to > greatest($2::date, valid_from)) ORDER BY scheme_code, valid_from

-- list_to_order_again --
-- Of the visits called off, those ahead that no care plan wants again by itself. $1 visits $2 now
SELECT id FROM visit WHERE id = ANY ($1::uuid[]) AND window_end > $2 AND (origin IS NULL OR origin NOT LIKE 'care_plan_item:%') ORDER BY window_start

-- list_visits --
-- Visits for a person to look at. $1 visits
SELECT id, service, window_start, window_end, state FROM visit WHERE id = ANY ($1::uuid[]) ORDER BY window_start

-- take_over --
-- Whose time of history for the family is over; another worker's are passed over. $1 today
SELECT id, elder_id FROM death_event WHERE state = 'confirmed' AND family_ended_at IS NULL AND family_until < $1
ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED

-- family_ended --
-- The family sees it no more. $1 id $2 now
UPDATE death_event SET family_ended_at = $2 WHERE id = $1
