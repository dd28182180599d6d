-- end_payee --
-- The account before is used no more. $1 elder $2 now
UPDATE payee SET ended_at = $2 WHERE elder_id = $1 AND ended_at IS NULL

-- create_payee --
-- An account. $1 id $2 district $3 elder $4 holder $5 relation $6 bank $7 number $8 its last digits $9 by $10 now
INSERT INTO payee (id, district_id, elder_id, holder, relation, bank, account_sealed, account_tail, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- find_payee --
-- The person's account. $1 elder
SELECT id, elder_id, holder, relation, bank, account_sealed, account_tail, recorded_at FROM payee WHERE elder_id = $1 AND ended_at IS NULL
