-- list_changed --
-- Whose credentials were made, renewed or revoked lately. $1 since
SELECT username FROM emqx_changed($1)
