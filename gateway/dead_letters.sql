-- insert_letters --
-- Keep what was not understood. $1 ids $2 received $3 topics $4 senders $5 devices $6 unknown $7 districts $8 reasons
-- $9 fields $10 payloads $11 sizes
INSERT INTO ingest.dead_letter (id, received_at, topic, sender, device_id, unknown_id, district_id, reason, field,
                                payload_sealed, size)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[],
                     $8::text[], $9::text[], $10::bytea[], $11::int[])

-- list_letters --
-- Dead letters of the caller's district, without what they say. $1 after $2 limit
SELECT * FROM dead_letters_listed($1, $2)

-- list_found --
-- Dead letters of the caller's district by filter. $1 reason $2 device $3 condition $4 since $5 part of the topic $6 after $7 limit
SELECT id, received_at, topic, sender, device_id, unknown_id, reason, field, size, tries, retry_at, solved_at
FROM dead_letters_found($1, $2, $3, $4, $5, $6, $7)

-- count_reasons --
-- How many there are of each reason. $1 device $2 condition $3 since $4 part of the topic
SELECT reason, letters, latest FROM dead_letters_counted($1, $2, $3, $4)

-- count_open --
-- How many wait for somebody, a thousand at the most.
SELECT dead_letters_open()

-- ask_retry_found --
-- Let the gateway try again what passes a filter. $1 reason $2 device $3 condition $4 since $5 part of the topic $6 now $7 most
SELECT dead_letters_retried($1, $2, $3, $4, $5, $6, $7)

-- list_all --
-- Dead letters of every district, for the gateway's own role. $1 after $2 limit $3 solved too
SELECT id, received_at, topic, sender, device_id, reason, field, size, tries, retry_at, solved_at FROM ingest.dead_letter
WHERE ($1::uuid IS NULL OR id < $1) AND ($3 OR solved_at IS NULL) ORDER BY id DESC LIMIT $2

-- find_letter --
-- One dead letter of the caller's district with what it says. $1 id
SELECT * FROM dead_letter_found($1)

-- find_any --
-- One dead letter with what it says, for the gateway's own role. $1 id
SELECT id, received_at, topic, sender, device_id, reason, field, payload_sealed, size, tries, retry_at, solved_at
FROM ingest.dead_letter WHERE id = $1

-- ask_retry --
-- Let the gateway try again, as the district's. $1 id $2 now
SELECT dead_letter_retried($1, $2)

-- ask_retry_all --
-- Let the gateway try again, as the gateway's own role. $1 id $2 now
UPDATE ingest.dead_letter SET retry_at = $2 WHERE id = $1 AND solved_at IS NULL AND sender IS NULL RETURNING id

-- list_due --
-- What a person wants tried again; never what a sender said in another's name. $1 now $2 most
SELECT id, received_at, topic, payload_sealed FROM ingest.dead_letter WHERE retry_at <= $1 AND sender IS NULL
ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED

-- solve --
-- It is understood now. $1 id $2 now
UPDATE ingest.dead_letter SET solved_at = $2, retry_at = NULL, tries = tries + 1 WHERE id = $1

-- fail --
-- Still not understood. $1 id $2 reason $3 field
UPDATE ingest.dead_letter SET retry_at = NULL, tries = tries + 1, reason = $2, field = $3 WHERE id = $1

-- drop_letters --
-- Past their retention. $1 before
DELETE FROM ingest.dead_letter WHERE received_at < $1
