-- list_unread --
-- Numbers that were not read yet, or are sealed anew. $1 most
SELECT p.id, p.kind, p.phone_sealed FROM (
  SELECT id, 'elder' AS kind, phone_sealed FROM elder WHERE phone_sealed IS NOT NULL
  UNION ALL SELECT id, 'family_member', phone_sealed FROM family_member WHERE phone_sealed IS NOT NULL AND district_id = current_district()
  UNION ALL SELECT id, 'caregiver', phone_sealed FROM caregiver WHERE phone_sealed IS NOT NULL
  UNION ALL SELECT id, 'account', phone_sealed FROM account WHERE phone_sealed IS NOT NULL AND district_id = current_district()) p
LEFT JOIN caller_number n ON n.subject_id = p.id
WHERE n.mark IS DISTINCT FROM sha256(p.phone_sealed) ORDER BY p.id LIMIT $1

-- keep_number --
-- A number that was read. $1 subject $2 district $3 kind $4 index or null $5 mark
INSERT INTO caller_number (subject_id, district_id, kind, number_index, mark) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (subject_id) DO UPDATE SET number_index = $4, mark = $5

-- drop_numbers --
-- Forget the numbers of who has none any more.
DELETE FROM caller_number n WHERE NOT EXISTS (
  SELECT FROM elder e WHERE e.id = n.subject_id AND e.phone_sealed IS NOT NULL
  UNION ALL SELECT FROM family_member m WHERE m.id = n.subject_id AND m.phone_sealed IS NOT NULL
  UNION ALL SELECT FROM caregiver c WHERE c.id = n.subject_id AND c.phone_sealed IS NOT NULL
  UNION ALL SELECT FROM account a WHERE a.id = n.subject_id AND a.phone_sealed IS NOT NULL)

-- list_people --
-- Everybody who has a number; a relative once for each elder, nearest first. $1 index
SELECT n.kind, n.subject_id AS id, coalesce(e.name, m.name, c.name, a.name) AS name, b.relation, b.elder_id, of.name AS elder_name, a.role
FROM caller_number n
LEFT JOIN elder e ON n.kind = 'elder' AND e.id = n.subject_id
LEFT JOIN family_member m ON n.kind = 'family_member' AND m.id = n.subject_id
LEFT JOIN family_bond b ON b.family_member_id = m.id AND b.ended_at IS NULL
LEFT JOIN elder of ON of.id = b.elder_id
LEFT JOIN caregiver c ON n.kind = 'caregiver' AND c.id = n.subject_id
LEFT JOIN account a ON n.kind = 'account' AND a.id = n.subject_id
WHERE n.number_index = $1 ORDER BY array_position(ARRAY['elder', 'family_member', 'caregiver', 'account'], n.kind), b.priority, n.subject_id
LIMIT 50

-- language_of --
-- The language of everybody who has a number, as far as it is known: of an account, or an elder who speaks no Chinese. $1 index
SELECT DISTINCT coalesce(a.language, CASE WHEN e.languages @> '{en}' AND NOT e.languages && '{zh,shandong,anhui}' THEN 'en' ELSE 'zh_CN' END) AS language
FROM caller_number n LEFT JOIN elder e ON n.kind = 'elder' AND e.id = n.subject_id
LEFT JOIN account a ON a.disabled_at IS NULL AND CASE n.kind WHEN 'account' THEN a.id WHEN 'family_member' THEN a.family_member_id
                                                             WHEN 'caregiver' THEN a.caregiver_id END = n.subject_id
WHERE n.number_index = $1 LIMIT 2

-- list_elders --
-- The elders whom a number is about: the own number, or a relative's. $1 index $2 day
SELECT DISTINCT e.id, e.name, e.gender, e.born_on, e.died_on, g.grade,
       (SELECT count(*) FROM care_case k WHERE k.elder_id = e.id AND k.state <> 'closed') AS open_cases
FROM caller_number n LEFT JOIN family_bond b ON n.kind = 'family_member' AND b.family_member_id = n.subject_id AND b.ended_at IS NULL
JOIN elder e ON e.id = CASE WHEN n.kind = 'elder' THEN n.subject_id ELSE b.elder_id END
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = e.id AND scale = 'gbt_42195' AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)) g ON true
WHERE n.number_index = $1 ORDER BY e.name, e.id LIMIT 20
