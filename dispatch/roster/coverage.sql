-- create_coverage --
-- A line. $1 id $2 district $3 provider $4 service or null $5 region $6 response minutes $7 capacity $8 from $9 to
INSERT INTO coverage (id, district_id, provider_id, service, region_code, response_minutes, capacity, valid_from, valid_to)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- region_exists --
-- Is there such a region? $1 code
SELECT EXISTS (SELECT FROM region WHERE code = $1)

-- end_coverage --
-- The last day of a line that has none, or a later one. $1 id $2 day
UPDATE coverage SET valid_to = $2 WHERE id = $1 AND (valid_to IS NULL OR valid_to > $2) RETURNING id

-- find_coverage --
-- One line. $1 id
SELECT v.id, v.provider_id, p.name AS provider_name, v.service, v.region_code, r.name AS region_name, v.response_minutes, v.capacity,
       v.valid_from, v.valid_to
FROM coverage v JOIN provider p ON p.id = v.provider_id LEFT JOIN region r ON r.code = v.region_code WHERE v.id = $1

-- list_coverage --
-- Lines, the latest first. $1 provider or null $2 after or null $3 most
SELECT v.id, v.provider_id, p.name AS provider_name, v.service, v.region_code, r.name AS region_name, v.response_minutes, v.capacity,
       v.valid_from, v.valid_to
FROM coverage v JOIN provider p ON p.id = v.provider_id LEFT JOIN region r ON r.code = v.region_code
WHERE ($1::uuid IS NULL OR v.provider_id = $1) AND ($2::uuid IS NULL OR v.id < $2) ORDER BY v.id DESC LIMIT $3

-- list_of_provider --
-- All that a provider has undertaken. $1 provider
SELECT service, region_code, response_minutes, capacity, valid_from, valid_to FROM coverage WHERE provider_id = $1

-- list_standing --
-- Lines with a capacity, and the visits of the day that use it. $1 day $2 since $3 until $4 provider or null
SELECT v.id, v.provider_id, p.name AS provider_name, v.service, v.region_code, v.response_minutes, v.capacity, v.valid_from, v.valid_to,
       (SELECT count(*)::int FROM visit t JOIN elder e ON e.id = t.elder_id LEFT JOIN care_bed b ON b.id = t.care_bed_id
        JOIN home h ON h.id = coalesce(b.home_id, e.home_id)
        WHERE t.provider_id = v.provider_id AND t.state NOT IN ('missed', 'cancelled', 'reassigned')
          AND coalesce(t.planned_start, t.window_start) >= $2 AND coalesce(t.planned_start, t.window_start) < $3
          AND (v.service IS NULL OR t.service = v.service)
          AND (h.region_code IS NULL OR starts_with(h.region_code, v.region_code))) AS used
FROM coverage v JOIN provider p ON p.id = v.provider_id
WHERE v.capacity IS NOT NULL AND v.valid_from <= $1 AND (v.valid_to IS NULL OR v.valid_to >= $1) AND ($4::uuid IS NULL OR v.provider_id = $4)
ORDER BY v.id
