-- count_cases --
-- Open care cases by severity: how many, how many nobody has, since when the oldest of those waits; never a name.
SELECT severity, count(*)::int AS open, count(*) FILTER (WHERE state = 'raised' AND lowered_until IS NULL)::int AS waiting,
       min(opened_at) FILTER (WHERE state = 'raised' AND lowered_until IS NULL) AS oldest,
       count(*) FILTER (WHERE state IN ('dispatched', 'on_scene'))::int AS sent
FROM care_case WHERE class = 'care' AND state <> 'closed' AND state NOT IN ('shelved', 'out_of_service') AND paused_by IS NULL
GROUP BY severity ORDER BY severity

-- list_sent --
-- Who is on the way or on scene, by role in the case and not by name. $1 most
SELECT v.state, c.type, c.severity, v.accepted_at, v.started_at, c.id AS case_id
FROM visit v JOIN care_case c ON c.id = v.case_id
WHERE v.state IN ('offered', 'accepted', 'en_route', 'in_progress') AND c.state <> 'closed' ORDER BY c.severity, v.wanted_at LIMIT $1

-- count_rest --
-- Devices that do not work, paused people, gaps of cover, callers who wait and are to be called back, consoles open. $1 seen since
SELECT (SELECT count(*)::int FROM care_case WHERE class = 'technical' AND state <> 'closed' AND type IN ('silent', 'link_lost', 'power_lost')) AS offline,
       (SELECT count(*)::int FROM monitoring_pause WHERE ended_at IS NULL) AS paused,
       (SELECT count(*)::int FROM cover_gap WHERE closed_at IS NULL) AS gaps,
       (SELECT count(*)::int FROM inbound_call WHERE ended_at IS NULL AND connected_at IS NULL) AS ringing,
       (SELECT count(*)::int FROM inbound_call WHERE ended_at IS NOT NULL AND connected_at IS NULL AND returned_at IS NULL) AS to_call_back,
       (SELECT count(*)::int FROM operator_seen WHERE seen_at > $1) AS consoles,
       events_last() AS number
