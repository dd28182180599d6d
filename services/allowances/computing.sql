-- list_candidates --
-- Who may stand on a list, by id. $1 scheme $2 earliest month $3 last day $4 month $5 after this person or null $6 most
SELECT elder_id FROM allowance_candidates($1, $2, $3, $4) WHERE $5::uuid IS NULL OR elder_id > $5 ORDER BY elder_id LIMIT $6

-- list_paid --
-- What other lists have paid for each month. $1 scheme $2 elders $3 this list
SELECT elder_id, for_month, sum(amount) AS amount FROM allowance_line
WHERE scheme_code = $1 AND elder_id = ANY ($2::uuid[]) AND list_id <> $3 AND kind IN ('regular', 'arrears')
GROUP BY elder_id, for_month

-- list_previous --
-- What the last list before a month paid regularly. $1 scheme $2 elders $3 month
SELECT n.elder_id, n.amount FROM allowance_line n
WHERE n.list_id = (SELECT id FROM allowance_list WHERE scheme_code = $1 AND month < $3 ORDER BY month DESC LIMIT 1)
  AND n.elder_id = ANY ($2::uuid[]) AND n.kind = 'regular'

-- list_back --
-- Payments that came back, or had no account, of persons with another account since. $1 scheme $2 elders
SELECT p.id, p.elder_id, l.month, p.amount, coalesce(p.reason, 'no_account') AS reason FROM allowance_payment p
JOIN allowance_list l ON l.id = p.list_id AND l.scheme_code = $1
JOIN payee a ON a.elder_id = p.elder_id AND a.ended_at IS NULL AND a.id IS DISTINCT FROM p.payee_id
WHERE p.elder_id = ANY ($2::uuid[]) AND p.state IN ('returned', 'no_account')
  AND NOT EXISTS (SELECT FROM allowance_line n WHERE n.payment_id = p.id) ORDER BY l.month, p.id

-- list_corrections --
-- What is left of persons' corrections. $1 scheme $2 elders
SELECT c.id, c.elder_id, c.for_month, c.reason, c.amount - coalesce(t.taken, 0) AS rest FROM allowance_correction c
LEFT JOIN LATERAL (SELECT sum(amount) AS taken FROM allowance_line n WHERE n.correction_id = c.id) t ON true
WHERE c.scheme_code = $1 AND c.elder_id = ANY ($2::uuid[]) AND c.withdrawn_at IS NULL AND c.amount <> coalesce(t.taken, 0) ORDER BY c.id

-- list_decided --
-- The months that somebody has corrected. $1 scheme $2 elders
SELECT DISTINCT elder_id, for_month FROM allowance_correction
WHERE scheme_code = $1 AND elder_id = ANY ($2::uuid[]) AND withdrawn_at IS NULL

-- store_lines --
-- A page's lines. $1 ids $2 districts $3 lists $4 elders $5 schemes $6 kinds $7 months $8 amounts $9 before $10 changes $11 reasons
-- $12 explanations $13 payments $14 corrections
INSERT INTO allowance_line (id, district_id, list_id, elder_id, scheme_code, kind, for_month, amount, previous, change, reasons, explanation,
                            payment_id, correction_id)
SELECT i, d, l, e, s, k, m, a, b, c, ARRAY(SELECT jsonb_array_elements_text(r::jsonb)), x::jsonb, p, o
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::date[], $8::numeric[], $9::numeric[], $10::text[],
            $11::text[], $12::text[], $13::uuid[], $14::uuid[]) AS t (i, d, l, e, s, k, m, a, b, c, r, x, p, o)

-- moved_on --
-- How far a list is. $1 list $2 the last person $3 how many more $4 their amount $5 now when everybody is done, or null
UPDATE allowance_list SET cursor_elder = $2, done = done + $3, total = total + $4, computed_at = $5 WHERE id = $1 AND state = 'draft'
