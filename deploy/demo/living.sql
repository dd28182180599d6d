-- find_mat --
-- The mat of the first elder who has relatives with logins. $1 logins of the district
SELECT d.no, d.id AS device_id, c.id AS care_bed_id, c.elder_id, c.provider_id FROM account a
JOIN family_bond b ON b.family_member_id = a.family_member_id AND b.priority = 1 JOIN care_bed c ON c.elder_id = b.elder_id AND c.ended_on IS NULL
JOIN device d ON d.care_bed_id = c.id AND d.thing_model = 'care_bed_v1' AND d.retired_at IS NULL
WHERE a.role = 'family' AND a.login LIKE $1 ORDER BY a.login LIMIT 1

-- has_lived --
-- Whether anything was ever heard of a mat. $1 device number
SELECT EXISTS (SELECT FROM ingest.reading_hour WHERE device_no = $1)

-- live --
-- A day and a half of a mat: in bed from half past nine to six and after lunch, up once at night. $1 device number $2 from $3 until
WITH pieces AS (
  SELECT t, extract(hour FROM l) * 60 + extract(minute FROM l) AS m, sin(extract(epoch FROM t) / 1700) AS wave
  FROM generate_series($2::timestamptz, $3::timestamptz, interval '5 minutes') AS t, LATERAL (SELECT t AT TIME ZONE 'Asia/Shanghai' AS l) AS s),
lying AS (SELECT *, (m >= 1290 OR m < 365 AND m NOT BETWEEN 158 AND 167 OR m BETWEEN 760 AND 815) AS in_bed FROM pieces)
INSERT INTO ingest.reading (device_no, observed_at, value, metric)
SELECT $1, t, v.value, k.id FROM lying,
  LATERAL (VALUES ('in_bed', in_bed::int::float8), ('heart_rate', CASE WHEN in_bed THEN round((63 + 5 * wave)::numeric) END),
           ('respiration_rate', CASE WHEN in_bed THEN round((16 + 2 * wave)::numeric) END),
           ('movement', CASE WHEN in_bed THEN round((9 + 8 * wave)::numeric) END)) AS v (name, value)
JOIN ingest.metric k ON k.name = v.name WHERE v.value IS NOT NULL

-- roll --
-- The hours of a month before, as the gateway would have summed them. $1 device number $2 from $3 until
WITH pieces AS (
  SELECT h, extract(hour FROM l) AS c, sin(extract(epoch FROM h) / 40000) AS wave
  FROM generate_series(date_trunc('hour', $2::timestamptz), $3::timestamptz, interval '1 hour') AS h,
       LATERAL (SELECT h AT TIME ZONE 'Asia/Shanghai' AS l) AS s),
lying AS (SELECT *, CASE WHEN c >= 22 OR c < 6 THEN 3600 WHEN c IN (13, 21) THEN 1800 ELSE 0 END AS seconds FROM pieces)
INSERT INTO ingest.reading_hour (device_no, metric, hour, low, high, mean, count, last, last_at, true_s, changes)
SELECT $1, k.id, h, v.low, v.high, v.mean, v.count, v.mean, h + interval '55 minutes', v.seconds, v.changes FROM lying,
  LATERAL (VALUES ('in_bed', 0.0, 1.0, seconds / 3600.0, 12, seconds, 1),
           ('heart_rate', 57 + 2 * wave, 72 + 4 * wave, 63 + 3 * wave, CASE WHEN seconds > 0 THEN 12 END, NULL, NULL),
           ('respiration_rate', 13 + wave, 19 + wave, 16 + wave, CASE WHEN seconds > 0 THEN 12 END, NULL, NULL),
           ('movement', 2.0, 30 + 8 * wave, 10 + 6 * wave, CASE WHEN seconds > 0 THEN 12 END, NULL, NULL)) AS v (name, low, high, mean, count, seconds, changes)
JOIN ingest.metric k ON k.name = v.name WHERE v.count IS NOT NULL
ON CONFLICT DO NOTHING

-- say --
-- What the mat said last. $1 device number $2 at $3 values
INSERT INTO ingest.device_state (device_no, last_seen_at, observed_at, values) VALUES ($1, $2, $2, $3) ON CONFLICT (device_no) DO NOTHING

-- find_people --
-- Who was there: an operator, a relative with an account. $1 logins of the district $2 elder
SELECT (SELECT id FROM account WHERE role = 'operator' AND login LIKE $1 ORDER BY login LIMIT 1) AS operator,
       (SELECT b.family_member_id FROM family_bond b WHERE b.elder_id = $2 ORDER BY b.priority LIMIT 1) AS member,
       (SELECT a.id FROM family_bond b JOIN account a ON a.family_member_id = b.family_member_id WHERE b.elder_id = $2 ORDER BY b.priority LIMIT 1) AS relative

-- open_case --
-- An alarm of some days ago that is over. $1 case $2 district $3 elder $4 bed $5 at $6 operator
INSERT INTO care_case (id, district_id, elder_id, care_bed_id, class, type, severity, state, opened_at, last_alarm_at, claimed_by, claimed_at,
                       resolved_at, closed_by, closed_at, outcome, policy)
VALUES ($1, $2, $3, $4, 'care', 'bed_exit', 2, 'closed', $5, $5, $6, $5::timestamptz + interval '40 seconds',
        $5::timestamptz + interval '9 minutes', $6, $5::timestamptz + interval '11 minutes', 'reassured', '{"name": "demo", "steps": []}')

-- add_entry --
-- A line of it. $1 id $2 district $3 case $4 at $5 account $6 action $7 from $8 to $9 data
INSERT INTO case_entry (id, district_id, case_id, at, account_id, action, from_state, to_state, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
