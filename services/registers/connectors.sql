-- set_source --
-- Where a register is fetched from. $1 district $2 register $3 url $4 auth $5 sealed secret $6 every days $7 next try $8 by $9 now
INSERT INTO register_source (district_id, register, url, auth, secret_sealed, every_days, next_try_at, set_by, set_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (district_id, register) DO UPDATE SET url = excluded.url, auth = excluded.auth, secret_sealed = excluded.secret_sealed,
  every_days = excluded.every_days, next_try_at = excluded.next_try_at, attempts = 0, failed = NULL, set_by = excluded.set_by,
  set_at = excluded.set_at

-- clear_source --
-- A register is not fetched any more; its headings stay. $1 register $2 by $3 now
UPDATE register_source SET url = NULL, auth = NULL, secret_sealed = NULL, next_try_at = NULL, failed = NULL, attempts = 0, set_by = $2,
       set_at = $3
WHERE register = $1 AND url IS NOT NULL RETURNING register

-- list_sources --
-- The registers' sources; never a secret.
SELECT register, mapping, url, auth, every_days, next_try_at, attempts, fetched_at, failed FROM register_source ORDER BY register

-- take_source --
-- The next source that is due; whoever takes it has it for a quarter of an hour. $1 now $2 until
UPDATE register_source SET next_try_at = $2
WHERE register = (SELECT register FROM register_source WHERE url IS NOT NULL AND next_try_at <= $1 ORDER BY next_try_at LIMIT 1
                  FOR UPDATE SKIP LOCKED)
RETURNING district_id, register, url, auth, secret_sealed, every_days, attempts

-- note_fetched --
-- It has come. $1 register $2 now $3 next try
UPDATE register_source SET fetched_at = $2, attempts = 0, failed = NULL, next_try_at = $3 WHERE register = $1

-- note_failed --
-- It has not come; tried again later. $1 register $2 code $3 next try
UPDATE register_source SET attempts = attempts + 1, failed = $2, next_try_at = $3 WHERE register = $1
