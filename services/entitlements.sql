-- enrol --
-- A person enters a scheme. $1 id $2 district $3 elder $4 scheme code $5 from $6 to
INSERT INTO enrolment (id, district_id, elder_id, scheme_code, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6)

-- list_enrolments --
-- A person's enrolments, with what the newest version of the scheme is called. $1 elder
SELECT e.id, e.elder_id, e.scheme_code, e.valid_from, e.valid_to,
       (SELECT s.name FROM scheme s WHERE s.code = e.scheme_code AND s.district_id = e.district_id AND s.state = 'signed'
        ORDER BY s.version DESC LIMIT 1) AS scheme_name
FROM enrolment e WHERE e.elder_id = $1 ORDER BY e.valid_from DESC

-- open_entitlement --
-- The month's entitlement; once it is there, only what the grades of the month say is renewed.
-- $1 id $2 district $3 elder $4 scheme $5 month $6 grade $7 quota $8 ceiling $9 explanation $10 its own part $11 carried into it
INSERT INTO entitlement AS e (id, district_id, elder_id, scheme_id, month, grade, quota, ceiling, explanation, own, carried)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (elder_id, scheme_id, month) DO UPDATE
SET grade = excluded.grade, quota = excluded.quota, ceiling = greatest(excluded.ceiling, e.used), explanation = excluded.explanation,
    own = excluded.own, carried = excluded.carried
RETURNING id, used

-- lock_quota --
-- One change at a time of months that hang on each other; held to the end of the transaction. $1 elder $2 code
SELECT pg_advisory_xact_lock(hashtextextended('quota ' || $1::text || ' ' || $2::text, 0))

-- list_past --
-- Earlier months under any version of a scheme: what was their own, what was used. $1 elder $2 code $3 month
SELECT e.month, coalesce(e.own, e.quota) AS own, e.used FROM entitlement e JOIN scheme s ON s.id = e.scheme_id
WHERE e.elder_id = $1 AND s.code = $2 AND e.month < $3 AND e.month >= $3 - interval '24 months' ORDER BY e.month, s.version

-- list_later --
-- Later months under any version of a scheme, locked. $1 elder $2 code $3 month
SELECT e.id, e.elder_id, e.scheme_id, e.month FROM entitlement e JOIN scheme s ON s.id = e.scheme_id
WHERE e.elder_id = $1 AND s.code = $2 AND e.month > $3 ORDER BY e.month, e.scheme_id FOR UPDATE OF e

-- list_of_month --
-- What a person may use in a month. $1 elder $2 month
SELECT e.id, e.elder_id, e.month, e.grade, e.quota, e.used, greatest(e.quota - e.used, 0) AS rest, e.explanation,
       s.id AS scheme_id, s.code AS scheme, s.version, s.name AS scheme_name
FROM entitlement e JOIN scheme s ON s.id = e.scheme_id WHERE e.elder_id = $1 AND e.month = $2 ORDER BY s.code, s.version

-- list_months --
-- Entitlements of a month, by elder. $1 month $2 after elder or null $3 most
SELECT e.id, e.elder_id, l.name AS elder_name, e.month, e.grade, e.quota, e.used, greatest(e.quota - e.used, 0) AS rest,
       e.explanation, s.id AS scheme_id, s.code AS scheme, s.version, s.name AS scheme_name
FROM entitlement e JOIN scheme s ON s.id = e.scheme_id JOIN elder l ON l.id = e.elder_id
WHERE e.month = $1 AND ($2::uuid IS NULL OR e.id > $2) ORDER BY e.id LIMIT $3

-- list_from_month --
-- A person's entitlements of a month and later ones, locked in one order. $1 elder $2 month
SELECT id, elder_id, scheme_id, month FROM entitlement WHERE elder_id = $1 AND month >= $2 ORDER BY month, scheme_id FOR UPDATE

-- set_used --
-- What the month's claims have used. $1 id $2 used
UPDATE entitlement SET used = $2 WHERE id = $1 AND used <> $2

-- list_unopened --
-- Who is enrolled and graded on a day and has no entitlement of its month yet. $1 day $2 month $3 after elder or null $4 most
SELECT DISTINCT n.elder_id FROM enrolment n
JOIN scheme s ON s.code = n.scheme_code AND s.effective_from <= $1 AND (s.effective_to IS NULL OR s.effective_to >= $1)
             AND s.state = 'signed' AND s.kind IN ('services', 'voucher')
JOIN elder l ON l.id = n.elder_id AND l.died_on IS NULL
LEFT JOIN grade g ON g.elder_id = n.elder_id AND g.scale = s.scale AND g.valid_from <= $1 AND (g.valid_to IS NULL OR g.valid_to >= $1)
WHERE (s.scale = 'none' OR g.id IS NOT NULL) AND n.valid_from <= $1 AND (n.valid_to IS NULL OR n.valid_to >= $1) AND ($3::uuid IS NULL OR n.elder_id > $3)
  AND NOT EXISTS (SELECT FROM entitlement e WHERE e.elder_id = n.elder_id AND e.scheme_id = s.id AND e.month = $2)
ORDER BY n.elder_id LIMIT $4

-- list_grades_of_month --
-- The grades of a scale in force on any day of a month. $1 elder $2 scale $3 first day $4 last day
SELECT grade, valid_from, valid_to FROM grade
WHERE elder_id = $1 AND scale = $2 AND valid_from <= $4 AND (valid_to IS NULL OR valid_to >= $3) ORDER BY valid_from
