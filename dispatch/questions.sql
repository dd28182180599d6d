-- find_asked --
-- The script that a case keeps, or the district's that was in force when it was opened; who set its severity by hand; every answer, the
-- changed ones too, oldest first; the district's own short steps. $1 case $2 opened $3 alarm type
SELECT s.words, s.version, s.source, s.digest, k.alarm_type, o.name AS overridden_by_name, k.case_id IS NOT NULL AS is_kept,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('node', p.node, 'value', p.value, 'at', p.at, 'by_name', a.name,
                                                     'replaced_at', p.replaced_at) ORDER BY p.at, p.id), '[]')
        FROM protocol_answer p LEFT JOIN account a ON a.id = p.account_id WHERE p.case_id = $1) AS answers,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('alarm_type', t.alarm_type, 'language', t.language, 'steps', t.steps)), '[]')
        FROM protocol t WHERE t.alarm_type IN ($3, 'default')) AS own_steps
FROM (SELECT) AS one LEFT JOIN case_protocol k ON k.case_id = $1
LEFT JOIN protocol_script s ON s.id = coalesce(k.script_id, (
  SELECT id FROM protocol_script WHERE source = 'district' AND activated_at <= $2 AND (retired_at IS NULL OR retired_at > $2)
  ORDER BY activated_at DESC LIMIT 1))
LEFT JOIN account o ON o.id = k.overridden_by

-- is_begun --
-- Whether a case's script is fixed. $1 case
SELECT EXISTS (SELECT FROM case_protocol WHERE case_id = $1)

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
