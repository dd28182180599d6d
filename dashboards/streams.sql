-- live_sessions --
-- Which of these sessions are live. $1 token hashes $2 now
SELECT t.hash FROM unnest($1::bytea[]) AS t(hash) CROSS JOIN LATERAL session_for_token(t.hash, $2) AS s

-- list_carers --
-- Who works or worked for a provider. $1 provider
SELECT id FROM caregiver WHERE provider_id = $1
