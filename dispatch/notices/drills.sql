-- begin_drill --
-- The drill of a day, once. $1 id $2 district $3 day $4 starts $5 answers until $6 who or null
INSERT INTO drill (id, district_id, held_on, starts_at, answer_by, created_by) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING id

-- close_due --
-- Drills whose window is over. $1 now
UPDATE drill SET closed_at = $1 WHERE closed_at IS NULL AND answer_by <= $1 RETURNING id

-- list_people --
-- Everybody who may be called at night, and whether they chose by what (as audiences.sql list_family). $1 now $2 a shift before
SELECT NULL::uuid AS family_member_id, a.id AS account_id, NULL::uuid AS caregiver_id, false AS chose, a.language,
       CASE a.role WHEN 'operator' THEN 'operators' ELSE 'duty_managers' END AS audience
FROM account a WHERE a.district_id = current_district() AND a.role IN ('operator', 'duty_manager') AND a.disabled_at IS NULL
UNION ALL
SELECT NULL, NULL, c.id, false, coalesce((SELECT a.language FROM account a WHERE a.caregiver_id = c.id AND a.disabled_at IS NULL LIMIT 1), 'zh_CN'), 'caregivers'
FROM caregiver c WHERE c.ended_at IS NULL
  AND EXISTS (SELECT FROM shift s WHERE s.caregiver_id = c.id AND s.ends_at > $1 AND s.starts_at < $2)
UNION ALL
SELECT m.id, NULL, NULL, m.reach_said_at IS NOT NULL, coalesce((SELECT a.language FROM account a WHERE a.family_member_id = m.id AND a.disabled_at IS NULL LIMIT 1), 'zh_CN'),
       CASE WHEN bool_and(b.relation = 'neighbour') THEN 'neighbours' ELSE 'contacts' END
FROM family_bond b JOIN family_member m ON m.id = b.family_member_id
WHERE b.ended_at IS NULL AND b.consented_at IS NOT NULL AND 'alerts' = ANY(b.rights) GROUP BY m.id

-- list_drills --
-- The last drills with what they came to.
SELECT d.id, d.held_on, d.starts_at, d.answer_by, d.closed_at, d.created_by, a.name AS created_by_name, n.asked, n.answered, n.unreached
FROM drill d LEFT JOIN account a ON a.id = d.created_by
LEFT JOIN LATERAL (SELECT count(*)::int AS asked, (count(*) FILTER (WHERE state = 'answered'))::int AS answered,
                          (count(*) FILTER (WHERE state = 'failed'))::int AS unreached FROM notice WHERE drill_id = d.id) n ON true
ORDER BY d.held_on DESC LIMIT 26

-- find_drill --
-- One drill with what it came to. $1 id
SELECT d.id, d.held_on, d.starts_at, d.answer_by, d.closed_at, d.created_by, a.name AS created_by_name, n.asked, n.answered, n.unreached
FROM drill d LEFT JOIN account a ON a.id = d.created_by
LEFT JOIN LATERAL (SELECT count(*)::int AS asked, (count(*) FILTER (WHERE state = 'answered'))::int AS answered,
                          (count(*) FILTER (WHERE state = 'failed'))::int AS unreached FROM notice WHERE drill_id = d.id) n ON true
WHERE d.id = $1

-- list_asked --
-- Everybody asked in a drill: who was not reached first, of those who is on duty in the night first. $1 drill $2 night from $3 to
SELECT * FROM (
SELECT n.id AS notice_id, n.audience, n.state, n.answered_at, n.family_member_id, n.account_id, n.caregiver_id,
       coalesce(m.name, a.name, c.name) AS name, p.name AS provider_name, t.channel, t.state AS try_state, t.code, t.is_permanent,
       coalesce((SELECT array_agg(e.name ORDER BY e.name) FROM family_bond b JOIN elder e ON e.id = b.elder_id
                 WHERE b.family_member_id = n.family_member_id AND b.ended_at IS NULL), '{}') AS elders,
       EXISTS (SELECT FROM duty_shift s WHERE s.account_id = n.account_id AND s.starts_at < $3 AND s.ends_at > $2)
         OR EXISTS (SELECT FROM shift s WHERE s.caregiver_id = n.caregiver_id AND s.starts_at < $3 AND s.ends_at > $2) AS tonight
FROM notice n LEFT JOIN family_member m ON m.id = n.family_member_id LEFT JOIN account a ON a.id = n.account_id
LEFT JOIN caregiver c ON c.id = n.caregiver_id LEFT JOIN provider p ON p.id = c.provider_id
LEFT JOIN LATERAL (SELECT channel, state, code, is_permanent FROM notice_try WHERE notice_id = n.id ORDER BY at DESC, id DESC LIMIT 1) t ON true
WHERE n.drill_id = $1) AS asked
ORDER BY array_position('{failed,waiting,sending,told,void,answered}'::text[], state), tonight DESC, audience, name, notice_id LIMIT 2000
