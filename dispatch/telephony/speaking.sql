-- language_of --
-- The language of an operator. $1 account
SELECT language FROM account WHERE id = $1

-- language_of_called --
-- The language of whom an operator calls, as far as it is known: of an account, or an elder who speaks no Chinese. $1 call
SELECT coalesce((SELECT a.language FROM account a WHERE a.disabled_at IS NULL
                 AND (a.family_member_id = c.family_member_id OR a.caregiver_id = c.caregiver_id) ORDER BY a.created_at, a.id LIMIT 1),
                CASE WHEN c.target = 'elder' AND e.languages @> '{en}' AND NOT e.languages && '{zh,shandong,anhui}' THEN 'en' ELSE 'zh_CN' END)
FROM phone_call c LEFT JOIN elder e ON e.id = c.elder_id WHERE c.id = $1
