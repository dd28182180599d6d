-- accounts_for_phone --
-- Whose number it is, in every district. $1 its index in each
SELECT account_id, district_id, district_name, name, language, family_member_id FROM accounts_for_phone($1)

-- queue --
-- One asks after another: what is counted below is all that was asked for before.
SELECT pg_advisory_xact_lock(hashtextextended('login code', 0))

-- count_recent --
-- What was asked for lately: by this number, from this address, and told in this district. $1 number's index $2 address $3 district $4 since
SELECT count(*) FILTER (WHERE phone_index = $1) AS by_phone, min(created_at) FILTER (WHERE phone_index = $1) AS first_phone,
       max(created_at) FILTER (WHERE phone_index = $1) AS last,
       count(*) FILTER (WHERE address = $2) AS by_address, min(created_at) FILTER (WHERE address = $2) AS first_address,
       count(*) FILTER (WHERE in_district = $3 AND member_id IS NOT NULL) AS by_district,
       min(created_at) FILTER (WHERE in_district = $3 AND member_id IS NOT NULL) AS first_district
FROM login_code WHERE created_at > $4

-- ask --
-- A code is wanted. $1 id $2 purpose $3 number's index $4 district $5 member or null $6 sealed number $7 language $8 address $9 ticket's hash $10 now $11 until
INSERT INTO login_code (id, purpose, phone_index, in_district, member_id, phone_sealed, language, address, browser_hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- count_try --
-- A try with a ticket, counted first. $1 ticket's hash $2 purpose $3 most $4 now
UPDATE login_code SET tries = tries + 1
WHERE browser_hash = $1 AND purpose = $2 AND tries < $3 AND used_at IS NULL AND proven_at IS NULL AND expires_at > $4
RETURNING id, member_id, in_district, phone_sealed

-- prove --
-- The code fitted. $1 id $2 now
UPDATE login_code SET proven_at = $2 WHERE id = $1

-- use --
-- It is used up. $1 id $2 now
UPDATE login_code SET used_at = $2 WHERE id = $1 AND proven_at IS NOT NULL AND used_at IS NULL RETURNING id

-- find_proven --
-- A ticket whose code fitted. $1 ticket's hash $2 now
SELECT id, member_id, in_district, phone_sealed FROM login_code
WHERE browser_hash = $1 AND purpose = 'login' AND proven_at IS NOT NULL AND used_at IS NULL AND expires_at > $2

-- take_due --
-- Codes that wait to be told, the oldest first. $1 now $2 most
UPDATE login_code SET told_at = $1 WHERE id IN (
  SELECT id FROM login_code WHERE told_at IS NULL AND member_id IS NOT NULL AND expires_at > $1
  ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING id, in_district, phone_sealed, language, expires_at
