-- begin_run --
-- A run of the checks. $1 id $2 district $3 month $4 started $5 by $6 thresholds
INSERT INTO fraud_run (id, district_id, month, started_at, started_by, thresholds) VALUES ($1, $2, $3, $4, $5, $6)

-- end_run --
-- A run is done. $1 id $2 finished $3 visits $4 found
UPDATE fraud_run SET finished_at = $2, visits = $3, found = $4 WHERE id = $1

-- find_run --
-- The newest finished run of a month. $1 month
SELECT id, month, started_at, finished_at, visits, found FROM fraud_run WHERE month = $1 AND finished_at IS NOT NULL ORDER BY started_at DESC LIMIT 1

-- lock_month --
-- Only one run of a month at a time. $1 key
SELECT pg_advisory_xact_lock(hashtextextended($1, 0))
