-- enlist --
-- Devices bound to a bed that have never spoken get a live state without a last word. $1 look at them then
INSERT INTO ingest.device_state (device_no, is_online, silent_check_at)
SELECT d.no, false, $1 FROM device d
WHERE d.care_bed_id IS NOT NULL AND d.retired_at IS NULL
  AND NOT EXISTS (SELECT FROM ingest.device_state s WHERE s.device_no = d.no)
ON CONFLICT DO NOTHING

-- list_due --
-- Who must be looked at, and since when each is bound to its bed. $1 now $2 most
SELECT s.device_no, (SELECT max(b.bound_at) FROM device d JOIN device_binding b ON b.device_id = d.id
                     WHERE d.no = s.device_no AND b.unbound_at IS NULL) AS bound_at
FROM ingest.device_state s WHERE s.silent_check_at <= $1 AND s.last_seen_at IS NULL
ORDER BY s.silent_check_at LIMIT $2 FOR UPDATE SKIP LOCKED
