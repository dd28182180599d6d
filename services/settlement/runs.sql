-- start_run --
-- A month's run, once at a time. $1 id $2 district $3 month $4 provider or null $5 step $6 account or null $7 now
INSERT INTO settlement_run (id, district_id, month, provider_id, step, state, started_by, started_at, seen_at)
VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, $7) ON CONFLICT (district_id, month) WHERE state = 'running' DO NOTHING RETURNING id

-- find_running --
-- The run of a month that is under way. $1 month
SELECT id, step, provider_id, started_by FROM settlement_run WHERE month = $1 AND state = 'running'

-- find_runs --
-- Runs with how far they are, newest first. $1 id or null $2 month or null $3 most
SELECT r.id, r.district_id, r.month, r.provider_id, p.name AS provider, r.step, r.state, r.started_by, a.name AS started_by_name,
       r.started_at, r.seen_at, r.finished_at, r.is_laid, r.visits, r.error, m.pieces, m.pieces_done, m.visits_done, m.made, m.singly,
       m.unpriced, m.rejected
FROM settlement_run r LEFT JOIN provider p ON p.id = r.provider_id LEFT JOIN account a ON a.id = r.started_by
CROSS JOIN LATERAL (
  SELECT count(*)::int AS pieces, count(done_at)::int AS pieces_done, coalesce(sum(visits) FILTER (WHERE done_at IS NOT NULL), 0)::int AS visits_done,
         coalesce(sum(made), 0)::int AS made, coalesce(sum(singly), 0)::int AS singly, coalesce(sum(unpriced), 0)::int AS unpriced,
         coalesce(sum(rejected), 0)::int AS rejected
  FROM settlement_mark k WHERE k.run_id = r.id) m
WHERE ($1::uuid IS NULL OR r.id = $1) AND ($2::date IS NULL OR r.month = $2) ORDER BY r.started_at DESC, r.id DESC LIMIT $3

-- list_running --
-- Runs of the district that are under way.
SELECT id FROM settlement_run WHERE state = 'running' ORDER BY started_at, id

-- lock_run --
-- Lay the pieces once: whoever comes second waits, and finds them. $1 id
SELECT is_laid FROM settlement_run WHERE id = $1 AND state = 'running' FOR UPDATE

-- lay_prices --
-- Cut the persons whose visits of the month wait into ranges of about so many visits. $1 run $2 district $3 from $4 before
-- $5 provider or null $6 visits a range
INSERT INTO settlement_mark (run_id, district_id, kind, number, first_elder, last_elder, visits)
SELECT $1, $2, 'price', row_number() OVER (ORDER BY cut), min(elder_id::text)::uuid, max(elder_id::text)::uuid, sum(visits)
FROM (
  SELECT elder_id, visits, div(sum(visits) OVER (ORDER BY elder_id) - visits, $6::int) AS cut FROM (
    SELECT v.elder_id, count(*) AS visits FROM unpriced_visit u JOIN visit v ON v.id = u.visit_id
    WHERE v.state = 'verified' AND v.started_at >= $3 AND v.started_at < $4 AND ($5::uuid IS NULL OR v.provider_id = $5)
    GROUP BY v.elder_id) waiting) ranges
GROUP BY cut

-- lay_checks --
-- A piece for each draft of the month. $1 run $2 district $3 month $4 provider or null
INSERT INTO settlement_mark (run_id, district_id, kind, number, statement_id, visits)
SELECT $1, $2, 'check', row_number() OVER (ORDER BY s.id), s.id, 0 FROM statement s
WHERE s.month = $3 AND s.state = 'draft' AND ($4::uuid IS NULL OR s.provider_id = $4)
ON CONFLICT DO NOTHING

-- mark_laid --
-- The pieces are there. $1 id $2 now
UPDATE settlement_run SET is_laid = true, seen_at = $2,
  visits = (SELECT coalesce(sum(visits), 0) FROM settlement_mark WHERE run_id = $1 AND kind = 'price') WHERE id = $1

-- take_mark --
-- Take one piece that nobody has; it stays ours until the commit. $1 run $2 kind
SELECT number, first_elder, last_elder, statement_id FROM settlement_mark
WHERE run_id = $1 AND kind = $2 AND done_at IS NULL ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED

-- count_open --
-- Pieces of a kind that are not done. $1 run $2 kind
SELECT count(*)::int FROM settlement_mark WHERE run_id = $1 AND kind = $2 AND done_at IS NULL

-- note_mark --
-- What a piece has made so far. $1 run $2 kind $3 number $4 made $5 singly $6 unpriced $7 rejected $8 now when done, or null
UPDATE settlement_mark SET made = made + $4, singly = singly + $5, unpriced = $6, rejected = $7, done_at = $8
WHERE run_id = $1 AND kind = $2 AND number = $3

-- see_run --
-- Somebody works on it. $1 id $2 now
UPDATE settlement_run SET seen_at = $2 WHERE id = $1

-- end_run --
-- It is over; once. $1 id $2 done or failed $3 error or null $4 now
UPDATE settlement_run SET state = $2, error = $3, finished_at = $4, seen_at = $4 WHERE id = $1 AND state = 'running' RETURNING month

-- list_drafts --
-- The month's statements, for an event each. $1 month $2 provider or null
SELECT id FROM statement WHERE month = $1 AND ($2::uuid IS NULL OR provider_id = $2) ORDER BY id
