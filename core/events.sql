-- write_event --
-- Add an event without a number. $1 district $2 kind $3 subject $4 roles $5 at $6 case $7 visit $8 elder $9 caregiver
INSERT INTO event (district_id, kind, subject_id, roles, at, case_id, visit_id, elder_id, caregiver_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- write_events --
-- Add many events of one kind without a number. $1 district $2 kind $3 subjects $4 roles $5 at $6 elders
INSERT INTO event (district_id, kind, subject_id, roles, at, case_id, elder_id)
SELECT $1, $2, n.subject, $4, $5, n.subject, n.elder FROM unnest($3::uuid[], $6::uuid[]) AS n(subject, elder)

-- number_events --
-- Number what is committed, in one order for everybody.
SELECT number_events()

-- events_after --
-- Events of all districts after a number. $1 number $2 most
SELECT * FROM events_after($1, $2)

-- event_bounds --
-- The oldest number kept and the last one given.
SELECT events_oldest() AS oldest, events_last() AS last
