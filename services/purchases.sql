-- sum_purchases --
-- What a filter adds up to. $1 first month $2 last month $3 town $4 provider $5 service $6 grade $7 scheme's code; null: any
SELECT coalesce(sum(p.claims), 0)::bigint AS claims, coalesce(sum(p.units), 0)::numeric(14,2) AS units,
       coalesce(sum(p.amount), 0)::numeric(14,2) AS amount, coalesce(sum(p.subsidy), 0)::numeric(14,2) AS subsidy,
       coalesce(sum(p.copay), 0)::numeric(14,2) AS copay, coalesce(sum(p.approved), 0)::numeric(14,2) AS approved,
       coalesce(sum(p.flagged), 0)::bigint AS flagged
FROM purchase p LEFT JOIN scheme s ON s.id = p.scheme_id
WHERE p.month BETWEEN $1 AND $2 AND ($3::text IS NULL OR p.town = $3) AND ($4::uuid IS NULL OR p.provider_id = $4)
  AND ($5::text IS NULL OR p.service = $5) AND ($6::text IS NULL OR p.grade = $6) AND ($7::text IS NULL OR coalesce(s.code, '') = $7)

-- group_purchases --
-- The same, group by group, with the names of towns, providers and schemes; the largest first, months in order.
-- $1 first month $2 last month $3 town $4 provider $5 service $6 grade $7 scheme's code; null: any
-- $8 month | town | provider | service | grade | scheme
WITH grouped AS (
  SELECT CASE $8::text WHEN 'month' THEN to_char(p.month, 'YYYY-MM') WHEN 'town' THEN p.town WHEN 'provider' THEN p.provider_id::text
                       WHEN 'service' THEN p.service WHEN 'grade' THEN p.grade ELSE coalesce(s.code, '') END AS key,
         sum(p.claims)::bigint AS claims, sum(p.units)::numeric(14,2) AS units, sum(p.amount)::numeric(14,2) AS amount,
         sum(p.subsidy)::numeric(14,2) AS subsidy, sum(p.copay)::numeric(14,2) AS copay, sum(p.approved)::numeric(14,2) AS approved,
         sum(p.flagged)::bigint AS flagged, max(s.name) AS scheme_name
  FROM purchase p LEFT JOIN scheme s ON s.id = p.scheme_id
  WHERE p.month BETWEEN $1 AND $2 AND ($3::text IS NULL OR p.town = $3) AND ($4::uuid IS NULL OR p.provider_id = $4)
    AND ($5::text IS NULL OR p.service = $5) AND ($6::text IS NULL OR p.grade = $6) AND ($7::text IS NULL OR coalesce(s.code, '') = $7)
  GROUP BY 1)
SELECT g.key, CASE $8 WHEN 'town' THEN r.name WHEN 'provider' THEN v.name WHEN 'scheme' THEN g.scheme_name END AS name, g.claims, g.units,
       g.amount, g.subsidy, g.copay, g.approved, g.flagged
FROM grouped g LEFT JOIN region r ON $8 = 'town' AND r.code = g.key LEFT JOIN provider v ON $8 = 'provider' AND v.id::text = g.key
ORDER BY CASE WHEN $8 = 'month' THEN g.key END, g.amount DESC, g.key LIMIT 500

-- list_purchases --
-- The claims behind the sums, in the order of their ids. $1 first month $2 last month $3 town $4 provider $5 service $6 grade
-- $7 scheme's code $8 after this id $9 most; null: any
SELECT c.id, c.visit_id, c.statement_id, c.service, c.service_on, c.month, c.units, c.unit, c.unit_price, c.amount, c.subsidy, c.copay,
       coalesce(c.approved, c.subsidy) AS approved, c.grade, c.flags, c.state, e.name AS elder_name, p.name AS provider,
       r.name AS town, s.name AS scheme_name
FROM claim c JOIN elder e ON e.id = c.elder_id JOIN home h ON h.id = e.home_id JOIN provider p ON p.id = c.provider_id
LEFT JOIN scheme s ON s.id = c.scheme_id LEFT JOIN region r ON r.code = left(h.region_code, 9)
WHERE c.month BETWEEN $1 AND $2 AND ($3::text IS NULL OR coalesce(left(h.region_code, 9), '') = $3)
  AND ($4::uuid IS NULL OR c.provider_id = $4) AND ($5::text IS NULL OR c.service = $5)
  AND ($6::text IS NULL OR coalesce(c.grade, '') = $6) AND ($7::text IS NULL OR coalesce(s.code, '') = $7)
  AND ($8::uuid IS NULL OR c.id > $8)
ORDER BY c.id LIMIT $9

-- list_choices --
-- What a filter may name: towns, providers and schemes that something was bought in, of or under.
SELECT 'town' AS kind, x.town AS key, r.name FROM (SELECT DISTINCT town FROM purchase_tally WHERE town <> '') x
LEFT JOIN region r ON r.code = x.town
UNION ALL SELECT 'provider', id::text, name FROM provider
UNION ALL SELECT 'scheme', code, max(name) FROM scheme GROUP BY code ORDER BY 1, 3, 2

-- lock_tallies --
-- One tick a district at a time. $1 district
SELECT pg_advisory_xact_lock(hashtextextended('purchases ' || $1::text, 0))

-- take_touched --
-- Take a provider's month whose sums are stale: what is written from now on is noted again.
WITH one AS (SELECT provider_id, month FROM purchase_touch ORDER BY id LIMIT 1),
gone AS (DELETE FROM purchase_touch u USING one WHERE u.provider_id = one.provider_id AND u.month = one.month)
SELECT provider_id, month FROM one

-- drop_tallies --
-- The old sums go. $1 provider $2 month
DELETE FROM purchase_tally WHERE provider_id = $1 AND month = $2

-- keep_tallies --
-- The sums of a provider's month as its claims stand. $1 provider $2 month
INSERT INTO purchase_tally (district_id, month, provider_id, town, service, grade, scheme_id, claims, units, amount, subsidy, copay,
                            approved, flagged)
SELECT c.district_id, c.month, c.provider_id, coalesce(left(h.region_code, 9), ''), c.service, coalesce(c.grade, ''), c.scheme_id, count(*),
       sum(c.units), sum(c.amount), sum(c.subsidy), sum(c.copay), sum(coalesce(c.approved, c.subsidy)),
       count(*) FILTER (WHERE c.flags <> '{}')
FROM statement s JOIN claim c ON c.statement_id = s.id JOIN elder e ON e.id = c.elder_id JOIN home h ON h.id = e.home_id
WHERE s.provider_id = $1 AND s.month = $2 GROUP BY 1, 2, 3, 4, 5, 6, 7
