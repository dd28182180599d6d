-- account_of_caregiver --
-- The login of a caregiver. $1 caregiver
SELECT id FROM account WHERE caregiver_id = $1 AND disabled_at IS NULL ORDER BY created_at LIMIT 1

-- find_number --
-- A person's sealed number. $1 family member $2 account $3 caregiver
SELECT coalesce((SELECT phone_sealed FROM family_member WHERE id = $1), (SELECT phone_sealed FROM account WHERE id = $2),
                (SELECT phone_sealed FROM caregiver WHERE id = $3))

-- set_contact --
-- An answer by SMS finds this try. $1 try $2 blind index
UPDATE notice_try SET contact_index = $2 WHERE id = $1
