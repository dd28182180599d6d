-- take_key --
-- Be the first with a key; no row: somebody was. $1 account $2 key $3 district $4 request hash $5 now
INSERT INTO idempotency_key (account_id, key, district_id, request_hash, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, key) DO NOTHING RETURNING true

-- find_key --
-- What the first was answered. $1 account $2 key
SELECT request_hash, status, body FROM idempotency_key WHERE account_id = $1 AND key = $2

-- finish_key --
-- Keep the answer. $1 account $2 key $3 status $4 body
UPDATE idempotency_key SET status = $3, body = $4 WHERE account_id = $1 AND key = $2

-- drop_keys --
-- Keys whose retention is over. $1 before
DELETE FROM idempotency_key WHERE created_at < $1
