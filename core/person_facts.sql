-- end_facts --
-- End what holds in a slot on the day before a new fact. $1 elder $2 kind $3 value $4 from $5 the day before
UPDATE person_fact SET valid_to = $5
WHERE elder_id = $1 AND kind = $2 AND (kind NOT IN ('assistance', 'draws') OR value = $3)
  AND valid_from < $4 AND (valid_to IS NULL OR valid_to >= $4)

-- record_fact --
-- A new fact. $1 id $2 district $3 elder $4 kind $5 value $6 from $7 to $8 source $9 source's id $10 now
INSERT INTO person_fact (id, district_id, elder_id, kind, value, valid_from, valid_to, source, source_id, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- end_fact --
-- End one fact on a day. $1 id $2 last day
UPDATE person_fact SET valid_to = $2 WHERE id = $1 AND valid_from <= $2 RETURNING id

-- fact_exists --
-- Whether the district has a fact. $1 id
SELECT EXISTS (SELECT FROM person_fact WHERE id = $1)

-- list_facts_on --
-- What holds of a person on a day. $1 elder $2 day
SELECT id, kind, value, valid_from, valid_to, source, source_id FROM person_fact
WHERE elder_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2) ORDER BY kind, value

-- list_facts --
-- All facts of a person, newest first. $1 elder
SELECT id, kind, value, valid_from, valid_to, source, source_id, recorded_at FROM person_fact WHERE elder_id = $1
ORDER BY valid_from DESC, kind, value, id
