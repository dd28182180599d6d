-- find_seat --
-- Around a case: who looks, to whom it is offered, whether its owner is there, who could take it, who was called and told.
-- $1 case $2 seen after $3 me $4 now
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) ORDER BY a.name, a.id), '[]')
   FROM case_watcher w JOIN account a ON a.id = w.account_id WHERE w.case_id = $1 AND w.seen_at > $2 AND a.id <> $3) AS watchers,
  (SELECT jsonb_build_object('id', t.id, 'kind', t.kind, 'reason', t.reason, 'note', t.note, 'to', t.to_account, 'to_name', a.name,
                             'from', t.from_account, 'from_name', f.name, 'answer_by', t.answer_by)
   FROM case_transfer t LEFT JOIN account a ON a.id = t.to_account JOIN account f ON f.id = t.from_account
   WHERE t.case_id = $1 AND t.state = 'offered') AS offer,
  (SELECT jsonb_build_object('seen_at', s.seen_at, 'here', coalesce(s.seen_at > $2, false),
                             'has_session', EXISTS (SELECT FROM session n WHERE n.account_id = c.claimed_by AND n.revoked_at IS NULL
                                                    AND n.expires_at > $4))
   FROM care_case c LEFT JOIN operator_seen s ON s.account_id = c.claimed_by
   WHERE c.id = $1 AND c.claimed_by IS NOT NULL) AS owner,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'role', a.role, 'here', coalesce(s.seen_at > $2, false))
                             ORDER BY coalesce(s.seen_at > $2, false) DESC, a.role, a.name, a.id), '[]')
   FROM account a LEFT JOIN operator_seen s ON s.account_id = a.id
   WHERE a.role IN ('operator', 'duty_manager') AND a.disabled_at IS NULL AND a.id <> $3) AS colleagues,
  (SELECT coalesce(jsonb_agg(to_jsonb(k) ORDER BY k.queued_at DESC, k.id DESC), '[]') FROM (
     SELECT p.id, p.kind, p.direction, p.carrier, p.target, p.state, p.result, p.queued_at, p.answered_at, p.ended_at, p.seconds, p.account_id,
            a.name AS by_name, coalesce(m.name, g.name) AS whom, p.family_member_id,
            CASE WHEN p.account_id = $3 AND p.ended_at IS NULL THEN encode(p.number_sealed, 'hex') END AS sealed
     FROM phone_call p LEFT JOIN account a ON a.id = p.account_id LEFT JOIN family_member m ON m.id = p.family_member_id
     LEFT JOIN caregiver g ON g.id = p.caregiver_id
     WHERE p.case_id = $1 AND p.kind <> 'notice' ORDER BY p.queued_at DESC, p.id DESC LIMIT 20) k) AS calls,
  (SELECT coalesce(jsonb_agg(to_jsonb(k) ORDER BY k.created_at DESC, k.id DESC), '[]') FROM (
     SELECT n.id, n.step, n.audience, n.state, n.answer, n.answered_at, n.next_at, n.created_at, coalesce(m.name, a.name, g.name) AS whom,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('channel', t.channel, 'state', t.state, 'code', t.code,
                                                          'at', coalesce(t.receipt_at, t.sent_at, t.at)) ORDER BY t.at, t.id), '[]')
             FROM notice_try t WHERE t.notice_id = coalesce(n.bundled_into, n.id)) AS tries
     FROM notice n LEFT JOIN family_member m ON m.id = n.family_member_id LEFT JOIN account a ON a.id = n.account_id
     LEFT JOIN caregiver g ON g.id = n.caregiver_id
     WHERE n.case_id = $1 ORDER BY n.created_at DESC, n.id DESC LIMIT 30) k) AS notices,
  (SELECT coalesce(jsonb_agg(to_jsonb(k) ORDER BY k.id), '[]') FROM (
     SELECT g.id, g.name, coalesce(p.lat, g.lat) AS lat, coalesce(p.lon, g.lon) AS lon,
            EXISTS (SELECT FROM shift s WHERE s.caregiver_id = g.id AND s.starts_at <= $4 AND s.ends_at > $4) AS on_shift
     FROM caregiver g LEFT JOIN caregiver_position p ON p.caregiver_id = g.id WHERE g.ended_at IS NULL ORDER BY g.id LIMIT 1000) k) AS around
