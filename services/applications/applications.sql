-- find_flow --
-- The flow that a district has given a scheme. $1 scheme code
SELECT flow FROM application_flow WHERE scheme_code = $1

-- list_flows --
-- The flows that a district has given to schemes.
SELECT scheme_code, flow, set_at FROM application_flow ORDER BY scheme_code

-- set_flow --
-- Give a scheme its flow. $1 district $2 scheme code $3 flow $4 by $5 now
INSERT INTO application_flow (district_id, scheme_code, flow, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (district_id, scheme_code) DO UPDATE SET flow = excluded.flow, set_by = excluded.set_by, set_at = excluded.set_at

-- find_scheme --
-- What the newest version of a scheme is called, and its scale; only what is signed counts. $1 code
SELECT code, name, scale FROM scheme WHERE code = $1 AND state = 'signed' AND kind <> 'standard' ORDER BY version DESC LIMIT 1

-- list_schemes --
-- What may be applied for on a day. $1 day
SELECT DISTINCT ON (code) code, name, scale FROM scheme
WHERE (effective_to IS NULL OR effective_to >= $1) AND state = 'signed' AND kind <> 'standard'
ORDER BY code, version DESC

-- find_person --
-- The person of an elder's record, sealed as it is. $1 elder
SELECT e.id, e.name, e.id_number_sealed, e.id_number_index, e.phone_sealed, h.address_sealed, e.died_on
FROM elder e JOIN home h ON h.id = e.home_id WHERE e.id = $1

-- find_elder_by_index --
-- The elder with an identity number. $1 blind index
SELECT id FROM elder WHERE id_number_index = $1

-- is_enrolled --
-- Whether somebody is in a scheme on a day or later. $1 elder $2 scheme code $3 day
SELECT EXISTS (SELECT FROM enrolment WHERE elder_id = $1 AND scheme_code = $2 AND (valid_to IS NULL OR valid_to >= $3))

-- create_application --
-- A new application. $1 id $2 district $3 scheme $4 elder $5 name $6 sealed $7 index $8 flow $9 documents $10 wants assessment $11 by $12 via $13 day $14 now $15 due
INSERT INTO application (id, district_id, scheme_code, elder_id, person_name, person_sealed, person_index, flow, state, documents,
                         wants_assessment, applied_by, applied_via, applied_on, stage_since, due_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11, $12, $13, $14, $15)

-- note_step --
-- A line of an application's history. $1 id $2 district $3 application $4 now $5 by $6 stage $7 action $8 reason $9 note $10 days
INSERT INTO application_step (id, district_id, application_id, at, account_id, stage, action, reason, note, days)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- find_application --
-- One application, locked. $1 id
SELECT a.*, o.code AS from_code, o.name AS from_name, t.code AS to_code, t.name AS to_name FROM application a
LEFT JOIN district o ON o.id = a.from_district LEFT JOIN district t ON t.id = a.to_district WHERE a.id = $1 FOR UPDATE OF a

-- list_applications --
-- Applications, newest first. $1 state or null $2 elder or null $3 applicant's account or null $4 before this id or null $5 most
SELECT a.id, a.scheme_code, a.elder_id, coalesce(e.name, a.person_name) AS person_name, a.flow, a.stage, a.state, a.documents,
       a.wants_assessment, a.applied_via, a.applied_on, a.stage_since, a.due_on, a.decided_at, a.reason, a.starts_on, a.remote_state,
       a.remote_at, o.code AS from_code, t.code AS to_code, o.name AS from_name, t.name AS to_name,
       (SELECT s.name FROM scheme s WHERE s.code = a.scheme_code ORDER BY s.version DESC LIMIT 1) AS scheme_name
FROM application a LEFT JOIN elder e ON e.id = a.elder_id LEFT JOIN district o ON o.id = a.from_district
LEFT JOIN district t ON t.id = a.to_district
WHERE ($1::text IS NULL OR a.state = $1) AND ($2::uuid IS NULL OR a.elder_id = $2) AND ($3::uuid IS NULL OR a.applied_by = $3)
  AND ($4::uuid IS NULL OR a.id < $4) ORDER BY a.id DESC LIMIT $5

-- list_waiting --
-- What waits for an office, the longest overdue first. $1 role $2 most
SELECT a.id, a.scheme_code, a.elder_id, coalesce(e.name, a.person_name) AS person_name, a.state, a.applied_on, a.stage_since, a.due_on,
       a.flow -> 'stages' -> a.stage ->> 'code' AS stage_code, o.name AS from_name,
       (SELECT s.name FROM scheme s WHERE s.code = a.scheme_code ORDER BY s.version DESC LIMIT 1) AS scheme_name,
       count(*) OVER () AS total
FROM application a LEFT JOIN elder e ON e.id = a.elder_id LEFT JOIN district o ON o.id = a.from_district
WHERE (a.state = 'open' AND a.flow -> 'stages' -> a.stage -> 'roles' ? $1) OR (a.state = 'received' AND $1 = 'clerk')
ORDER BY a.due_on, a.id LIMIT $2

-- list_steps --
-- An application's history. $1 application
SELECT s.id, s.at, s.account_id, c.name AS account_name, s.stage, s.action, s.reason, s.note, s.days
FROM application_step s LEFT JOIN account c ON c.id = s.account_id WHERE s.application_id = $1 ORDER BY s.id

-- list_acted --
-- Who passed which stage since the application began its way, the last of each. $1 application
SELECT DISTINCT ON (stage) stage, account_id FROM application_step
WHERE application_id = $1 AND action = 'passed' AND account_id IS NOT NULL ORDER BY stage, id DESC

-- move --
-- To another stage or state, if nobody was first.
-- $1 id $2 state it was in $3 stage it was in $4 state $5 stage $6 since $7 due $8 reason
UPDATE application SET state = $4, stage = $5, stage_since = $6, due_on = $7, reason = $8
WHERE id = $1 AND state = $2 AND stage = $3 RETURNING id

-- decide --
-- The end of an application, if nobody was first. $1 id $2 state it was in $3 state $4 by $5 now $6 reason $7 first day paid $8 enrolment
UPDATE application SET state = $3, decided_by = $4, decided_at = $5, reason = $6, starts_on = $7, enrolment_id = $8,
       wants_assessment = false
WHERE id = $1 AND state = $2 RETURNING id

-- see_documents --
-- Documents that have been seen. $1 id $2 documents
UPDATE application SET documents = $2 WHERE id = $1 AND state IN ('open', 'returned') RETURNING id

-- take_in --
-- A handed-over application begins its way here. $1 id $2 scheme $3 flow $4 elder or null $5 now $6 due $7 wants assessment
UPDATE application SET state = 'open', scheme_code = $2, flow = $3, elder_id = $4, stage = 0, stage_since = $5, due_on = $6,
       wants_assessment = $7
WHERE id = $1 AND state = 'received' RETURNING id

-- tie_elder --
-- The person has a record now. $1 id $2 elder $3 wants assessment
UPDATE application SET elder_id = $2, wants_assessment = $3 WHERE id = $1 AND elder_id IS NULL AND state IN ('open', 'returned') RETURNING id

-- hand_over --
-- Move a sealed package to another district. $1 application $2 its new id $3 receiver $4 package $5 index $6 name $7 flow $8 due $9 line $10 now
SELECT hand_over_application($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- tell_sender --
-- Tell the stub how far it is. $1 application $2 state $3 line $4 now
SELECT tell_sender($1, $2, $3, $4)

-- send_back --
-- Send the package back to its stub. $1 application $2 package $3 index $4 name $5 reason $6 due $7 line $8 now
SELECT send_application_back($1, $2, $3, $4, $5, $6, $7, $8)

-- list_districts --
-- Other districts of this installation that an application may be handed to. $1 this one
SELECT id, code, name FROM district WHERE id <> $1 AND is_demo = (SELECT is_demo FROM district WHERE id = $1) ORDER BY code
