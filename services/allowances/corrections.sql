-- create_correction --
-- What was wrong with a line. $1 id $2 district $3 line $4 scheme $5 elder $6 month $7 amount $8 reason $9 note $10 by $11 now
INSERT INTO allowance_correction (id, district_id, line_id, scheme_code, elder_id, for_month, amount, reason, note, made_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- withdraw_correction --
-- Not after a list carries it. $1 id $2 by $3 now
UPDATE allowance_correction c SET withdrawn_at = $3, withdrawn_by = $2
WHERE id = $1 AND withdrawn_at IS NULL AND NOT EXISTS (SELECT FROM allowance_line n WHERE n.correction_id = c.id) RETURNING id

-- find_correction --
-- One correction. $1 id
SELECT id, district_id, line_id, scheme_code, elder_id, for_month, amount, reason, note, made_by, made_at, withdrawn_at
FROM allowance_correction WHERE id = $1

-- list_waiting --
-- Corrections that issued lists have not carried in full.
SELECT c.id, c.line_id, c.scheme_code, c.elder_id, e.name AS elder_name, c.for_month, c.amount, c.reason, c.note, a.name AS made_by_name, c.made_at,
       c.amount - coalesce(t.taken, 0) AS rest
FROM allowance_correction c JOIN elder e ON e.id = c.elder_id JOIN account a ON a.id = c.made_by
LEFT JOIN LATERAL (SELECT sum(n.amount) AS taken FROM allowance_line n JOIN allowance_list l ON l.id = n.list_id
                   WHERE n.correction_id = c.id AND l.state IN ('issued', 'reconciled')) t ON true
WHERE c.withdrawn_at IS NULL AND c.amount <> coalesce(t.taken, 0) ORDER BY c.id LIMIT 200
