-- choose_carrier --
-- The demo districts' calls go to the pretended carrier, and may be recorded; the first one answers the centre's number.
UPDATE district SET settings = settings || '{"carrier": "twilio", "records_calls": true}' WHERE is_demo RETURNING id

-- list_phones --
-- Phones worth a look: seats, elders with relatives and those relatives, some caregivers.
(SELECT 'account' AS kind, a.name, d.number_sealed AS phone_sealed FROM desk_phone d JOIN account a ON a.id = d.account_id ORDER BY a.login LIMIT 4)
UNION ALL (SELECT 'account', a.name, a.phone_sealed FROM account a WHERE a.phone_sealed IS NOT NULL AND a.district_id = current_district() ORDER BY a.login LIMIT 4)
UNION ALL (SELECT 'family_member', m.name, m.phone_sealed FROM family_member m
           WHERE m.phone_sealed IS NOT NULL AND m.district_id = current_district() ORDER BY EXISTS (SELECT FROM account a WHERE a.family_member_id = m.id) DESC, m.created_at, m.id LIMIT 8)
UNION ALL (SELECT 'elder', e.name, e.phone_sealed FROM elder e
           WHERE e.phone_sealed IS NOT NULL ORDER BY EXISTS (SELECT FROM care_case c WHERE c.elder_id = e.id AND c.state <> 'closed') DESC, e.created_at, e.id LIMIT 6)
UNION ALL (SELECT 'caregiver', c.name, c.phone_sealed FROM caregiver c WHERE c.phone_sealed IS NOT NULL ORDER BY c.created_at, c.id LIMIT 3)
