-- Who can be reached: one definition for the person card, the cover gaps and the drills.

CREATE INDEX phone_call_member ON phone_call (family_member_id, queued_at) WHERE kind = 'bridge' AND family_member_id IS NOT NULL;

CREATE FUNCTION reach_of(person uuid)
RETURNS TABLE (last_reached_at timestamptz, channel text, last_failed_at timestamptz, code text, failed_channel text, is_permanent boolean)
LANGUAGE sql STABLE AS $$
  SELECT r.at, r.channel, f.at, f.code, f.channel, coalesce(f.is_permanent AND (r.at IS NULL OR r.at < f.at), false)
  FROM (SELECT) AS one
  LEFT JOIN LATERAL (
    (SELECT coalesce(t.receipt_at, t.at) AS at, t.channel FROM notice_try t
     WHERE t.person_id = person AND t.state IN ('delivered', 'answered') ORDER BY t.at DESC LIMIT 1)
    UNION ALL
    (SELECT coalesce(p.answered_at, p.ended_at), p.channel FROM phone_call p
     WHERE p.family_member_id = person AND p.kind = 'bridge' AND p.ended_at IS NOT NULL AND p.result IN ('answered', 'refused', 'callback')
     ORDER BY p.queued_at DESC LIMIT 1)
    ORDER BY at DESC LIMIT 1) r ON true
  LEFT JOIN LATERAL (
    (SELECT coalesce(t.ended_at, t.at) AS at, t.channel, t.code, t.is_permanent FROM notice_try t
     WHERE t.person_id = person AND t.state = 'failed' AND t.code NOT IN ('void', 'lacks_capability', 'no_subscription', 'expired')
     ORDER BY t.at DESC LIMIT 1)
    UNION ALL
    (SELECT p.ended_at, p.channel, p.result, p.is_permanent OR p.result = 'wrong_number' FROM phone_call p
     WHERE p.family_member_id = person AND p.kind = 'bridge' AND p.ended_at IS NOT NULL
       AND p.result IN ('no_answer', 'busy', 'wrong_number', 'voicemail', 'failed')
     ORDER BY p.queued_at DESC LIMIT 1)
    ORDER BY at DESC LIMIT 1) f ON true
$$;
COMMENT ON FUNCTION reach_of(uuid) IS 'what last reached a person and what did not: notices, drills, and what operators said of their calls';

SELECT fence_districts();
