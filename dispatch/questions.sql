-- find_kept --
-- The script that a case keeps, and who set its severity by hand. $1 case
SELECT s.words, s.version, s.source, s.digest, k.alarm_type, k.severity_before, o.name AS overridden_by_name
FROM case_protocol k JOIN protocol_script s ON s.id = k.script_id LEFT JOIN account o ON o.id = k.overridden_by WHERE k.case_id = $1

-- list_answers --
-- Every answer of a case, the changed ones too, oldest first. $1 case
SELECT p.id, p.node, p.value, p.at, p.account_id, a.name AS by_name, p.replaced_at
FROM protocol_answer p LEFT JOIN account a ON a.id = p.account_id WHERE p.case_id = $1 ORDER BY p.at, p.id

-- begin --
-- A case's script is fixed. $1 case $2 district $3 script $4 alarm type $5 severity $6 account $7 now
INSERT INTO case_protocol (case_id, district_id, script_id, alarm_type, severity_before, began_by, began_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING

-- who_answered --
-- Who answered a question last. $1 case $2 question
SELECT a.name, p.at FROM protocol_answer p LEFT JOIN account a ON a.id = p.account_id
WHERE p.case_id = $1 AND p.node = $2 AND p.replaced_at IS NULL

-- replace --
-- The answer so far stays beside its successor. $1 case $2 question $3 the new one $4 now
UPDATE protocol_answer SET replaced_by = $3, replaced_at = $4 WHERE case_id = $1 AND node = $2 AND replaced_at IS NULL

-- create_answer --
-- An answer. $1 id $2 district $3 case $4 question $5 value $6 account $7 now
INSERT INTO protocol_answer (id, district_id, case_id, node, value, account_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- set_severity --
-- How grave it is, if it still is as grave as that. $1 case $2 was $3 to
UPDATE care_case SET severity = $3 WHERE id = $1 AND severity = $2 AND state <> 'closed' RETURNING id

-- override --
-- A person has set it. $1 case $2 account $3 now
UPDATE case_protocol SET overridden_by = $2, overridden_at = $3 WHERE case_id = $1

-- first_severity --
-- How grave a case was before the first answer. $1 case
SELECT severity_before FROM case_protocol WHERE case_id = $1
