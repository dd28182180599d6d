-- find_test --
-- The test in which this device was triggered when its alarm came: until half a minute after its first alarm, and not
-- after the test. $1 device $2 received $3 how long its echoes last
SELECT t.id FROM install_check c JOIN install_test t ON t.id = c.test_id
WHERE c.device_id = $1 AND c.armed_at <= $2 AND $2 < c.armed_until AND $2 < t.ends_at AND $2 <= coalesce(t.finished_at, $2)
  AND $2 <= $3::interval + (SELECT min(a.received_at) FROM alarm a
                            WHERE a.device_id = $1 AND a.received_at >= c.armed_at AND a.received_at <= $2)
ORDER BY c.armed_at DESC LIMIT 1

-- find_case --
-- The case that this test's alarms have already. $1 elder $2 test
SELECT c.id FROM care_case c JOIN install_test t ON t.id = $2
WHERE c.elder_id = $1 AND c.opened_at >= t.started_at AND c.state = 'closed' AND c.outcome = 'test' AND c.closed_by IS NULL
  AND c.care_bed_id = t.care_bed_id
ORDER BY c.opened_at LIMIT 1

-- link_alarm --
-- It is kept with the test's case. $1 alarm $2 case $3 district $4 now
INSERT INTO case_alarm (alarm_id, case_id, district_id, linked_at) VALUES ($1, $2, $3, $4)
