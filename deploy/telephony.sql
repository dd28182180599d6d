-- sample_numbers --
-- Some numbers that a district would call.
(SELECT phone_sealed FROM family_member WHERE phone_sealed IS NOT NULL LIMIT 20)
UNION ALL (SELECT phone_sealed FROM elder WHERE phone_sealed IS NOT NULL LIMIT 20)
