-- create_correction --
-- Somebody asks; one at a time. $1 id $2 district $3 visit $4 reason $5 sealed note $6 before $7 wanted $8 account $9 now
INSERT INTO visit_correction (id, district_id, visit_id, reason, note_sealed, before, wanted, state, asked_by, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'asked', $8, $9) ON CONFLICT (visit_id) WHERE state = 'asked' DO NOTHING RETURNING true

-- decide_correction --
-- Somebody else decides, once. $1 correction $2 approved or refused $3 account $4 now
UPDATE visit_correction SET state = $2, decided_by = $3, decided_at = $4
WHERE id = $1 AND state = 'asked' AND asked_by <> $3 RETURNING id

-- find_correction --
-- One correction with who asked and who decided. $1 correction
SELECT c.id, c.district_id, c.visit_id, c.reason, c.note_sealed, c.before, c.wanted, c.state, c.asked_by, a.name AS asked_name, c.asked_at,
       c.decided_by, d.name AS decided_name, c.decided_at
FROM visit_correction c JOIN account a ON a.id = c.asked_by LEFT JOIN account d ON d.id = c.decided_by WHERE c.id = $1

-- list_open --
-- What waits for its decision. $1 provider or null
SELECT c.id, c.district_id, c.visit_id, c.reason, c.note_sealed, c.before, c.wanted, c.state, c.asked_by, a.name AS asked_name, c.asked_at,
       c.decided_by, NULL AS decided_name, c.decided_at, v.service, v.elder_name, v.caregiver_name, v.provider_name
FROM visit_correction c JOIN account a ON a.id = c.asked_by JOIN visit_shown v ON v.id = c.visit_id
WHERE c.state = 'asked' AND ($1::uuid IS NULL OR v.provider_id = $1) ORDER BY c.asked_at, c.id LIMIT 200

-- correct_visit --
-- Other times, another record; what the phone said stays in the marks. $1 visit $2 state $3 started $4 ended $5 check-in $6 check-out $7 record
UPDATE visit SET started_at = $3, ended_at = $4, check_in = $5, check_out = $6, record = $7 WHERE id = $1 AND state = $2 RETURNING id
