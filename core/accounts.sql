-- create_account --
-- A new account. $1 id $2 district $3 login $4 hash $5 role $6 name $7 now $8 family member $9 caregiver $10 provider
INSERT INTO account (id, district_id, login, password_hash, role, name, created_at, family_member_id, caregiver_id, provider_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- count_failures --
-- Failed logins of one address. $1 address $2 since
SELECT count(*) AS n, max(at) AS last FROM login_attempt WHERE address = $1 AND at > $2

-- record_failure --
-- One failed login. $1 address $2 now
INSERT INTO login_attempt (address, at) VALUES ($1, $2)

-- find_login --
-- Before the district is known. $1 login
SELECT id, district_id, password_hash, is_demo FROM account_for_login($1)

-- find_of_district --
-- An account of the district that may log in. $1 account
SELECT id, name, role FROM account WHERE id = $1 AND disabled_at IS NULL

-- find_by_login --
-- An account of the district that may log in, by its login. $1 login
SELECT id, name, role FROM account WHERE login = $1 AND disabled_at IS NULL

-- open_session --
-- A new session. $1 token hash $2 district $3 account $4 now $5 expires $6 browser in codes
INSERT INTO session (token_hash, district_id, account_id, created_at, expires_at, agent) VALUES ($1, $2, $3, $4, $5, $6)

-- list_sessions --
-- Where an account is logged in. $1 account $2 now $3 own token's hash
SELECT created_at, expires_at, agent, token_hash = $3 AS is_this FROM session
WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC LIMIT 50

-- revoke_others --
-- End the other sessions. $1 account $2 now $3 own token's hash
UPDATE session SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL AND token_hash <> $3 RETURNING token_hash

-- find_session --
-- Before the district is known. $1 token hash $2 now
SELECT * FROM session_for_token($1, $2)

-- revoke_session --
-- End one session. $1 token hash $2 now
UPDATE session SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL

-- revoke_sessions --
-- End all sessions of an account. $1 account $2 now
UPDATE session SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL

-- disable_account --
-- An account that may not log in any more. $1 account $2 now
UPDATE account SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL

-- list_of_caregiver --
-- The accounts of a caregiver. $1 caregiver
SELECT id FROM account WHERE caregiver_id = $1 AND disabled_at IS NULL

-- set_language --
-- A person's language. $1 account $2 language
UPDATE account SET language = $2 WHERE id = $1

-- list_accounts --
-- Accounts by login. $1 after login or null $2 most
SELECT id, login, role, name, language, created_at, disabled_at, family_member_id, caregiver_id, provider_id FROM account
WHERE ($1::text IS NULL OR login > $1) ORDER BY login LIMIT $2

