-- list_grave --
-- Who is severe or total at home tonight: with an open bed, alive, not away. $1 today
SELECT e.id, g.grade, h.lat, h.lon FROM elder e JOIN home h ON h.id = e.home_id
JOIN grade g ON g.elder_id = e.id AND g.scale = 'gbt_42195' AND g.grade IN ('severe', 'total')
  AND g.valid_from <= $1 AND (g.valid_to IS NULL OR g.valid_to >= $1)
WHERE e.died_on IS NULL AND EXISTS (SELECT FROM care_bed b WHERE b.elder_id = e.id AND b.ended_on IS NULL)
  AND NOT EXISTS (SELECT FROM absence a WHERE a.elder_id = e.id AND a.starts_on <= $1 AND (a.ends_on IS NULL OR a.ends_on >= $1))
ORDER BY e.id

-- list_contacts --
-- Elders at an open bed with whom an alarm is told: relatives who agreed to it, and whether they may be called or written to.
SELECT e.id, e.lives_alone, coalesce((
  SELECT jsonb_agg(jsonb_build_object('id', m.id, 'has_phone', m.phone_sealed IS NOT NULL, 'may_ring', m.reach_said_at IS NULL OR EXISTS (
    SELECT FROM consent c WHERE c.family_member_id = m.id AND c.item IN ('voice', 'sms') AND c.withdrawn_at IS NULL)))
  FROM family_bond b JOIN family_member m ON m.id = b.family_member_id
  WHERE b.elder_id = e.id AND b.ended_at IS NULL AND b.consented_at IS NOT NULL AND 'alerts' = ANY (b.rights)), '[]') AS contacts
FROM elder e WHERE e.died_on IS NULL AND EXISTS (SELECT FROM care_bed b WHERE b.elder_id = e.id AND b.ended_on IS NULL) ORDER BY e.id

-- list_untested --
-- Open beds with a kit that no finished test has seen since an instant. $1 since
SELECT b.id, b.elder_id, x.tested_at, x.fitted_at FROM care_bed b
JOIN elder e ON e.id = b.elder_id AND e.died_on IS NULL
CROSS JOIN LATERAL (
  SELECT (SELECT max(t.finished_at) FROM install_test t WHERE t.care_bed_id = b.id
          AND EXISTS (SELECT FROM install_check c WHERE c.test_id = t.id AND c.seen_at IS NOT NULL)) AS tested_at,
         (SELECT min(d.created_at) FROM device d WHERE d.care_bed_id = b.id AND d.retired_at IS NULL) AS fitted_at) x
WHERE b.ended_on IS NULL AND x.fitted_at < $1 AND (x.tested_at IS NULL OR x.tested_at < $1) ORDER BY b.id LIMIT 2000

-- count_accounts --
-- How many people there are of each role of the call centre, and how many with a phone.
SELECT role, count(*)::int AS people, count(phone_sealed)::int AS with_phone FROM account
WHERE district_id = current_district() AND disabled_at IS NULL AND role IN ('operator', 'duty_manager', 'admin') GROUP BY role
