-- drop_login_attempts --
-- Failed logins past their retention. $1 before
DELETE FROM login_attempt WHERE at < $1

-- drop_sessions --
-- Sessions past their retention. $1 expired before
DELETE FROM session WHERE expires_at < $1

-- drop_events --
-- Events past their retention. $1 before
DELETE FROM event WHERE at < $1 AND number IS NOT NULL

-- drop_login_codes --
-- Codes to phones past their retention. $1 made before
DELETE FROM login_code WHERE created_at < $1

-- drop_invitations --
-- Invitations past their retention. $1 ended or expired before
DELETE FROM invitation WHERE coalesce(ended_at, expires_at) < $1
