-- list_ahead --
-- Planned visits that have not begun, with what their price hangs on. $1 elder $2 now
SELECT id, service, funding, provider_id, origin, window_start, held_reason, minutes * interval '1 minute' AS length FROM visit
WHERE elder_id = $1 AND case_id IS NULL AND state IN ('wanted', 'offered', 'accepted') AND window_end > $2 ORDER BY window_start, id
