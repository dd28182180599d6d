-- begin_watch --
-- From check-in on. $1 visit $2 caregiver $3 district $4 due
INSERT INTO lone_watch (visit_id, caregiver_id, district_id, due_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (visit_id, caregiver_id) DO UPDATE SET due_at = excluded.due_at, asked_at = NULL, alarmed_at = NULL, ended_at = NULL

-- end_watch --
-- Checked out. $1 visit $2 caregiver $3 now
UPDATE lone_watch SET ended_at = $3 WHERE visit_id = $1 AND caregiver_id = $2 AND ended_at IS NULL

-- prolong_watch --
-- All is well: ask again later. $1 visit $2 caregiver $3 due
UPDATE lone_watch SET due_at = $3, asked_at = NULL, alarmed_at = NULL
WHERE visit_id = $1 AND caregiver_id = $2 AND ended_at IS NULL RETURNING due_at

-- list_due --
-- Whose time is over. $1 now
SELECT visit_id, caregiver_id, district_id, due_at, asked_at FROM lone_watch
WHERE ended_at IS NULL AND alarmed_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT 200 FOR UPDATE SKIP LOCKED

-- ask_watch --
-- The phone asks. $1 visit $2 caregiver $3 now $4 until when an answer is waited for
UPDATE lone_watch SET asked_at = $3, due_at = $4 WHERE visit_id = $1 AND caregiver_id = $2

-- alarm_watch --
-- No answer. $1 visit $2 caregiver $3 now
UPDATE lone_watch SET alarmed_at = $3 WHERE visit_id = $1 AND caregiver_id = $2
