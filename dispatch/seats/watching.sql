-- note_operator --
-- A console of this account is open. $1 account $2 district $3 now
INSERT INTO operator_seen (account_id, district_id, seen_at) VALUES ($1, $2, $3)
ON CONFLICT (account_id) DO UPDATE SET seen_at = greatest(operator_seen.seen_at, excluded.seen_at)

-- forget_old --
-- Who has not said so for long looks no more; what somebody else forgets at this moment is left to them. $1 seen before
DELETE FROM case_watcher WHERE (case_id, account_id) IN
  (SELECT case_id, account_id FROM case_watcher WHERE seen_at < $1 FOR UPDATE SKIP LOCKED) RETURNING case_id

-- list_known --
-- Which of some cases this account is known to look at. $1 account $2 cases
SELECT case_id FROM case_watcher WHERE account_id = $1 AND case_id = ANY($2::uuid[])

-- note_watcher --
-- Who looks at which open cases; what is not of this district is not there. $1 account $2 cases $3 now
INSERT INTO case_watcher (case_id, account_id, district_id, seen_at)
SELECT id, $1, district_id, $3 FROM care_case WHERE id = ANY($2::uuid[]) ORDER BY id
ON CONFLICT (case_id, account_id) DO UPDATE SET seen_at = greatest(case_watcher.seen_at, excluded.seen_at)
RETURNING case_id

-- leave --
-- They look no more. $1 account $2 cases
DELETE FROM case_watcher WHERE account_id = $1 AND case_id = ANY($2::uuid[]) RETURNING case_id

-- list_watchers --
-- Who looks at a case now. $1 case $2 seen after
SELECT a.id, a.name, a.role FROM case_watcher w JOIN account a ON a.id = w.account_id
WHERE w.case_id = $1 AND w.seen_at > $2 ORDER BY a.name, a.id

-- list_colleagues --
-- Who could take a case, those at a console first. $1 not this account $2 seen after
SELECT a.id, a.name, a.role, coalesce(s.seen_at > $2, false) AS here,
       (SELECT count(*)::int FROM care_case c WHERE c.claimed_by = a.id AND c.class = 'care'
        AND c.state IN ('claimed', 'verified', 'dispatched', 'on_scene')) AS cases
FROM account a LEFT JOIN operator_seen s ON s.account_id = a.id
WHERE a.role IN ('operator', 'duty_manager') AND a.disabled_at IS NULL AND a.id <> $1 ORDER BY here DESC, a.role DESC, a.name, a.id

-- find_owner --
-- Whether who has a case is there: when a console was last seen, and whether any session lives. $1 account $2 now
SELECT (SELECT seen_at FROM operator_seen WHERE account_id = $1) AS seen_at,
       EXISTS (SELECT FROM session WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2) AS has_session
