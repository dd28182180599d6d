-- insert_extra --
-- Keep what no thing model explains. $1 device numbers $2 observed at $3 names $4 JSON $5 why
INSERT INTO ingest.reading_extra (device_no, observed_at, name, value, why)
SELECT no, at, name, value::jsonb, why
FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[]) AS n (no, at, name, value, why)

-- list_between --
-- Readings of devices of the caller's district. $1 devices $2 since $3 until $4 most
SELECT device_id, metric, observed_at, value FROM readings_between($1, $2, $3, $4)

-- list_extra_between --
-- What no thing model names, or no sensor can measure. $1 devices $2 since $3 until $4 most
SELECT device_id, name, observed_at, value, why FROM readings_extra_between($1, $2, $3, $4)

-- keep_partitions --
-- Partitions of the days ahead; what is past its retention goes. $1 first day $2 last day $3 oldest
SELECT keep_partitions($1, $2, $3)

-- drop_extra --
-- Extras past their retention. $1 before
DELETE FROM ingest.reading_extra WHERE observed_at < $1
