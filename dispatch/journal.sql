-- write_case_entry --
-- One line of a case's timeline. $1 id $2 district $3 case $4 at $5 account $6 action $7 from $8 to $9 note $10 data
INSERT INTO case_entry (id, district_id, case_id, at, account_id, action, from_state, to_state, note, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- write_visit_entry --
-- One line of a visit's timeline. $1 id $2 district $3 visit $4 at $5 account $6 action $7 from $8 to $9 data
INSERT INTO visit_entry (id, district_id, visit_id, at, account_id, action, from_state, to_state, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- list_case_entries --
-- A case's timeline, its visits' lines included. $1 case
SELECT e.at, e.id, e.action, e.from_state, e.to_state, e.note, e.data, e.account_id, a.name AS account_name, a.role AS account_role,
       NULL::uuid AS visit_id
FROM case_entry e LEFT JOIN account a ON a.id = e.account_id WHERE e.case_id = $1
UNION ALL
SELECT e.at, e.id, 'visit.' || e.action, e.from_state, e.to_state, NULL, e.data, e.account_id, a.name, a.role, e.visit_id
FROM visit v JOIN visit_entry e ON e.visit_id = v.id LEFT JOIN account a ON a.id = e.account_id WHERE v.case_id = $1
ORDER BY id

-- list_visit_entries --
-- A visit's timeline. $1 visit
SELECT e.at, e.id, e.action, e.from_state, e.to_state, e.data, e.account_id, a.name AS account_name, a.role AS account_role
FROM visit_entry e LEFT JOIN account a ON a.id = e.account_id WHERE e.visit_id = $1 ORDER BY e.id
