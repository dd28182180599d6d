-- save --
-- Keep a browser's subscription; the same browser again is the same row, for whoever is logged in there now. $1 id $2 district $3 account $4 member $5 endpoint $6 p256dh $7 auth $8 device $9 now
INSERT INTO push_subscription (id, district_id, account_id, family_member_id, endpoint, p256dh, auth, device, created_at, renewed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
ON CONFLICT (district_id, endpoint) DO UPDATE SET account_id = excluded.account_id, family_member_id = excluded.family_member_id,
  p256dh = excluded.p256dh, auth = excluded.auth, device = excluded.device, renewed_at = excluded.renewed_at,
  failed_at = NULL, failed_code = NULL
RETURNING id, (xmax = 0) AS is_new

-- list_of_account --
-- An account's browsers, the newest first. $1 account
SELECT id, district_id, account_id, family_member_id, endpoint, p256dh, auth, device, created_at, renewed_at, taken_at, received_at, failed_at,
       failed_code, tested_at
FROM push_subscription WHERE account_id = $1 ORDER BY renewed_at DESC, id

-- list_of_members --
-- The browsers of family members, the newest first. $1 members
SELECT id, district_id, account_id, family_member_id, endpoint, p256dh, auth, device, created_at, renewed_at, taken_at, received_at, failed_at,
       failed_code, tested_at
FROM push_subscription WHERE family_member_id = ANY($1::uuid[]) ORDER BY renewed_at DESC, id

-- count_of_account --
-- How many browsers an account has. $1 account
SELECT count(*) FROM push_subscription WHERE account_id = $1

-- note_taken --
-- Its push service took a message. $1 subscription $2 now
UPDATE push_subscription SET taken_at = $2, failed_at = NULL, failed_code = NULL WHERE id = $1

-- note_failed --
-- Its push service did not take a message. $1 subscription $2 now $3 code
UPDATE push_subscription SET failed_at = $2, failed_code = $3 WHERE id = $1

-- remove --
-- Forget a browser. $1 subscription
DELETE FROM push_subscription WHERE id = $1

-- remove_own --
-- Forget a browser of an account, by its endpoint. $1 account $2 endpoint
DELETE FROM push_subscription WHERE account_id = $1 AND endpoint = $2 RETURNING id

-- remove_others --
-- Forget an account's browsers but one. $1 account $2 endpoint of the one that stays
DELETE FROM push_subscription WHERE account_id = $1 AND endpoint <> $2

-- begin_test --
-- Remember the nonce of a test message to a browser of an account. $1 subscription $2 account $3 hash $4 now
UPDATE push_subscription SET test_token = $3, tested_at = $4 WHERE id = $1 AND account_id = $2
RETURNING id, district_id, endpoint, p256dh, auth

-- end_test --
-- The browser says that the test message arrived; the first time counts. $1 hash $2 now
UPDATE push_subscription SET received_at = $2 WHERE test_token = $1 AND (received_at IS NULL OR received_at < tested_at) RETURNING id
