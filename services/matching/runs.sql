-- start_run --
-- A new run over everybody of the district. $1 id $2 district $3 month $4 day $5 by or null $6 now
INSERT INTO matching_run (id, district_id, month, on_day, state, total, started_by, started_at, moved_at)
VALUES ($1, $2, $3, $4, 'running', (SELECT count(*) FROM elder), $5, $6, $6)

-- has_run --
-- Whether a month has its run. $1 month
SELECT EXISTS (SELECT FROM matching_run WHERE month = $1)

-- take_run --
-- The run under way, if nobody else is at it.
SELECT id, district_id, month, on_day, after_elder, counts FROM matching_run WHERE state = 'running' FOR UPDATE SKIP LOCKED

-- list_page --
-- The next persons. $1 after or null $2 most
SELECT id FROM elder WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2

-- list_applied --
-- Whose application is under way. $1 elders
SELECT elder_id, scheme_code FROM application WHERE elder_id = ANY ($1::uuid[]) AND state IN ('open', 'returned')

-- keep_standings --
-- How persons stand, once a month. $1 district $2 month $3 day $4 run $5 now $6 elders $7 schemes $8 to $11 the four words $12 reasons
INSERT INTO standing AS s (district_id, elder_id, scheme_code, month, on_day, is_eligible, is_enrolled, is_compliant, is_payable, reasons,
                           run_id, judged_at)
SELECT $1, one.elder, one.scheme, $2, $3, one.eligible, one.enrolled, one.compliant, one.payable, one.reasons, $4, $5
FROM unnest($6::uuid[], $7::text[], $8::boolean[], $9::boolean[], $10::boolean[], $11::boolean[], $12::jsonb[])
  AS one (elder, scheme, eligible, enrolled, compliant, payable, reasons)
ON CONFLICT (elder_id, scheme_code, month) DO UPDATE
SET on_day = excluded.on_day, is_eligible = excluded.is_eligible, is_enrolled = excluded.is_enrolled,
    is_compliant = excluded.is_compliant, is_payable = excluded.is_payable, reasons = excluded.reasons, run_id = excluded.run_id,
    judged_at = excluded.judged_at

-- keep_matches --
-- What a clerk should look at; what was dismissed for the same reasons stays dismissed.
-- $1 district $2 run $3 day $4 now $5 ids $6 elders $7 schemes $8 kinds $9 reasons $10 fingerprints
INSERT INTO eligibility_match AS m (id, district_id, run_id, elder_id, scheme_code, kind, reasons, fingerprint, since, state, found_at)
SELECT one.id, $1, $2, one.elder, one.scheme, one.kind, one.reasons, one.fingerprint, $3, 'open', $4
FROM unnest($5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::jsonb[], $10::text[])
  AS one (id, elder, scheme, kind, reasons, fingerprint)
WHERE NOT EXISTS (SELECT FROM eligibility_match d WHERE d.elder_id = one.elder AND d.scheme_code = one.scheme
                  AND d.fingerprint = one.fingerprint AND d.state = 'dismissed')
ON CONFLICT (elder_id, scheme_code, kind) WHERE state = 'open' DO UPDATE
SET run_id = excluded.run_id, reasons = excluded.reasons, fingerprint = excluded.fingerprint, since = excluded.since

-- forget_matches --
-- What is no longer so. $1 elders looked at $2 run $3 now
UPDATE eligibility_match SET state = 'gone', decided_at = $3 WHERE state = 'open' AND elder_id = ANY ($1::uuid[]) AND run_id <> $2

-- move_run --
-- So far it is. $1 id $2 after elder $3 how many more $4 counts $5 now
UPDATE matching_run SET after_elder = $2, people = people + $3, counts = $4, moved_at = $5 WHERE id = $1

-- finish_run --
-- Everybody was looked at. $1 id $2 now
UPDATE matching_run SET state = 'done', finished_at = $2, moved_at = $2 WHERE id = $1

-- last_runs --
-- The last runs, newest first. $1 most
SELECT r.id, r.month, r.on_day, r.state, r.total, r.people, r.counts, a.name AS started_by_name, r.started_at, r.moved_at, r.finished_at
FROM matching_run r LEFT JOIN account a ON a.id = r.started_by ORDER BY r.id DESC LIMIT $1
