-- lock_elder --
-- One report of a person after the other. $1 elder
SELECT pg_advisory_xact_lock(hashtextextended('report ' || $1, 0))

-- find_open --
-- The newest case of a person that goes on. $1 elder
SELECT id, type, severity, state, opened_at, claimed_by FROM care_case
WHERE elder_id = $1 AND class = 'care' AND state NOT IN ('closed', 'resolved', 'out_of_service') ORDER BY opened_at DESC LIMIT 1

-- name_call --
-- What a call is about; one that was missed is returned by that. $1 call $2 case $3 now $4 by
WITH named AS (UPDATE phone_call SET case_id = $2 WHERE id = $1)
UPDATE inbound_call SET case_id = $2,
       returned_at = CASE WHEN reason IS NULL THEN returned_at ELSE coalesce(returned_at, $3) END,
       returned_by = CASE WHEN reason IS NULL THEN returned_by ELSE coalesce(returned_by, $4) END,
       returned_how = CASE WHEN reason IS NULL THEN returned_how ELSE coalesce(returned_how, 'case') END
WHERE call_id = $1 RETURNING call_id

-- keep_report --
-- What was said. $1 id $2 district $3 case $4 source $5 number $6 words $7 name $8 phone $9 call $10 complaint $11 received $12 by $13 now
INSERT INTO case_report (id, district_id, case_id, source, number, words_sealed, name_sealed, phone_sealed, call_id, complaint_id,
                         received_at, entered_by, entered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- find_number --
-- The case of an order that was entered. $1 source $2 number
SELECT case_id FROM case_report WHERE source = $1 AND number = $2

-- list_reports --
-- What was entered of a case. $1 case
SELECT r.id, r.source, r.number, r.words_sealed, r.name_sealed, r.phone_sealed, r.call_id, r.complaint_id, r.received_at, r.entered_at,
       a.name AS entered_name
FROM case_report r LEFT JOIN account a ON a.id = r.entered_by WHERE r.case_id = $1 ORDER BY r.entered_at, r.id

-- find_report --
-- One report. $1 report
SELECT id, words_sealed, name_sealed, phone_sealed FROM case_report WHERE id = $1
