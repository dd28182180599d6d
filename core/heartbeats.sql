-- beat --
-- One process lives. $1 role $2 instance $3 now $4 ready $5 detail
INSERT INTO role_heartbeat (role, instance, at, ready, detail) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (role, instance) DO UPDATE SET at = excluded.at, ready = excluded.ready, detail = excluded.detail

-- leave --
-- One process has ended in order. $1 role $2 instance
DELETE FROM role_heartbeat WHERE role = $1 AND instance = $2

-- list_ready --
-- Roles with a fresh, ready process. $1 not older than
SELECT DISTINCT role FROM role_heartbeat WHERE ready AND at > $1

-- drop_old_beats --
-- Processes long gone. $1 before
DELETE FROM role_heartbeat WHERE at < $1

-- forget_beats --
-- Nobody lives before the start.
DELETE FROM role_heartbeat
