-- list_accounts --
-- Everybody of a role. $1 role
SELECT id, language FROM account WHERE district_id = current_district() AND role = $1 AND disabled_at IS NULL ORDER BY created_at, id

-- list_family --
-- Who agreed to be told of an elder's alarms, in order, and by what; null: was never asked by what. $1 elder $2 neighbours, not relatives
SELECT m.id, coalesce((SELECT a.language FROM account a WHERE a.family_member_id = m.id AND a.disabled_at IS NULL LIMIT 1), 'zh_CN') AS language,
       CASE WHEN m.reach_said_at IS NOT NULL THEN ARRAY(SELECT c.item FROM consent c WHERE c.family_member_id = m.id AND c.withdrawn_at IS NULL)
       END AS agreed
FROM family_bond b JOIN family_member m ON m.id = b.family_member_id
WHERE b.elder_id = $1 AND b.ended_at IS NULL AND b.consented_at IS NOT NULL AND 'alerts' = ANY(b.rights)
  AND (b.relation = 'neighbour') = $2
ORDER BY b.priority, m.id

-- list_caregivers --
-- Who is on shift, nearest first. $1 case $2 other providers' people $3 now $4 a position is fresh since $5 most
SELECT c.id, coalesce((SELECT a.language FROM account a WHERE a.caregiver_id = c.id AND a.disabled_at IS NULL LIMIT 1), 'zh_CN') AS language
FROM care_case k LEFT JOIN elder e ON e.id = k.elder_id LEFT JOIN care_bed b ON b.id = k.care_bed_id
LEFT JOIN home h ON h.id = coalesce(b.home_id, e.home_id)
JOIN caregiver c ON CASE WHEN $2 THEN c.provider_id <> b.provider_id ELSE b.provider_id IS NULL OR c.provider_id = b.provider_id END
LEFT JOIN caregiver_position p ON p.caregiver_id = c.id AND p.at >= $4
WHERE k.id = $1 AND c.ended_at IS NULL
  AND EXISTS (SELECT FROM shift s WHERE s.caregiver_id = c.id AND s.starts_at <= $3 AND s.ends_at > $3)
ORDER BY (coalesce(p.lat, c.lat) - h.lat) ^ 2 + ((coalesce(p.lon, c.lon) - h.lon) * cos(radians(h.lat))) ^ 2, c.id LIMIT $5
