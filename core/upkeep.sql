-- drop_login_attempts --
-- Failed logins past their retention. $1 before
DELETE FROM login_attempt WHERE at < $1

-- drop_sessions --
-- Sessions past their retention. $1 expired before
DELETE FROM session WHERE expires_at < $1

-- drop_events --
-- Events past their retention. $1 before
DELETE FROM event WHERE at < $1 AND number IS NOT NULL
