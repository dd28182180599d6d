-- end_lapsed --
-- A test that nobody finished is over all the same. $1 bed $2 now
UPDATE install_test SET finished_at = ends_at WHERE care_bed_id = $1 AND finished_at IS NULL AND ends_at <= $2

-- create_test --
-- Begin a test of a bed. $1 id $2 district $3 bed $4 kind $5 account $6 now $7 ends
INSERT INTO install_test (id, district_id, care_bed_id, kind, started_by, started_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (care_bed_id) WHERE finished_at IS NULL DO NOTHING RETURNING id

-- create_checks --
-- One line for each device of the bed. $1 test
INSERT INTO install_check (test_id, device_id, district_id)
SELECT t.id, d.id, t.district_id FROM install_test t JOIN device d ON d.care_bed_id = t.care_bed_id
WHERE t.id = $1 AND d.retired_at IS NULL

-- find_test --
-- One test. $1 id
SELECT t.id, t.district_id, t.care_bed_id, t.kind, t.started_by, a.name AS started_by_name, t.started_at, t.ends_at, t.finished_at,
       t.finished_by, t.note
FROM install_test t LEFT JOIN account a ON a.id = t.started_by WHERE t.id = $1

-- find_open --
-- The test under way at a bed. $1 bed $2 now
SELECT id, care_bed_id, kind, started_at, ends_at FROM install_test WHERE care_bed_id = $1 AND finished_at IS NULL AND ends_at > $2

-- list_tests --
-- A bed's tests with how many devices were seen, the newest first. $1 bed $2 limit
SELECT t.id, t.kind, t.started_at, t.ends_at, t.finished_at, t.note, a.name AS started_by_name, count(c.device_id) AS devices,
       count(c.seen_at) AS seen, (SELECT count(*) FROM install_photo p WHERE p.test_id = t.id) AS photos
FROM install_test t LEFT JOIN account a ON a.id = t.started_by LEFT JOIN install_check c ON c.test_id = t.id
WHERE t.care_bed_id = $1 GROUP BY t.id, a.name ORDER BY t.started_at DESC LIMIT $2

-- list_checks --
-- The lines of a test. $1 test
SELECT c.device_id, d.thing_model, d.name, d.room, c.armed_at, c.armed_until, c.before, c.seen_at, c.sign, c.value
FROM install_check c JOIN device d ON d.id = c.device_id WHERE c.test_id = $1 ORDER BY d.room NULLS LAST, d.id

-- arm --
-- This device is triggered now; what it had said before does not count. $1 test $2 device $3 now $4 until $5 before
UPDATE install_check c SET armed_at = $3, armed_until = $4, before = $5, seen_at = NULL, sign = NULL, value = NULL
FROM install_test t WHERE t.id = c.test_id AND c.test_id = $1 AND c.device_id = $2 AND t.finished_at IS NULL AND t.ends_at > $3
RETURNING c.device_id

-- see --
-- It was seen: once. $1 test $2 device $3 sign $4 value $5 at
UPDATE install_check SET seen_at = $5, sign = $3, value = $4 WHERE test_id = $1 AND device_id = $2 AND seen_at IS NULL
RETURNING device_id

-- finish --
-- The end of a test, once. $1 test $2 account $3 now $4 note
UPDATE install_test SET finished_at = $3, finished_by = $2, note = $4 WHERE id = $1 AND finished_at IS NULL RETURNING id

-- list_overdue --
-- Devices at a bed that nobody has tried since, never tried first. $1 since $2 after (a device) or null $3 limit
SELECT d.id, d.thing_model, d.name, d.room, d.care_bed_id, b.label AS care_bed_label, d.kit_id, c.last_test_at
FROM device d JOIN care_bed b ON b.id = d.care_bed_id AND b.ended_on IS NULL
LEFT JOIN LATERAL (SELECT max(seen_at) AS last_test_at FROM install_check k WHERE k.device_id = d.id) c ON true
WHERE d.retired_at IS NULL AND (c.last_test_at IS NULL OR c.last_test_at < $1) AND ($2::uuid IS NULL OR d.id > $2)
ORDER BY d.id LIMIT $3

-- list_beds --
-- Open beds of the district with their last test; those whose turn it is first. $1 skip $2 limit $3 now $4 words
SELECT b.id, b.label, e.name AS elder_name, count(d.id) AS devices,
       (SELECT max(t.finished_at) FROM install_test t WHERE t.care_bed_id = b.id) AS last_test_at,
       (SELECT t.id FROM install_test t WHERE t.care_bed_id = b.id AND t.finished_at IS NULL AND t.ends_at > $3) AS open_test_id
FROM care_bed b JOIN elder e ON e.id = b.elder_id LEFT JOIN device d ON d.care_bed_id = b.id AND d.retired_at IS NULL
WHERE b.ended_on IS NULL AND ($4::text = '' OR b.label ILIKE '%' || $4 || '%' OR e.name ILIKE '%' || $4 || '%')
GROUP BY b.id, e.name ORDER BY open_test_id NULLS LAST, last_test_at NULLS FIRST, b.label, b.id OFFSET $1 LIMIT $2

-- create_photo --
-- What the installer saw. $1 id $2 district $3 test $4 account $5 now $6 media type $7 size $8 sealed
INSERT INTO install_photo (id, district_id, test_id, taken_by, taken_at, media_type, size, photo_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- count_photos --
-- How many a test has. $1 test
SELECT count(*) FROM install_photo WHERE test_id = $1

-- list_photos --
-- The photos of a test, without their content. $1 test
SELECT id, taken_at, media_type, size FROM install_photo WHERE test_id = $1 ORDER BY id

-- find_photo --
-- One photo. $1 id
SELECT id, test_id, media_type, photo_sealed FROM install_photo WHERE id = $1

-- drop_photos --
-- Photos past their retention. $1 before
DELETE FROM install_photo WHERE taken_at < $1
