-- list_population --
-- The claims that may be drawn, with their risk. $1 month $2 provider or null $3 statement or null
SELECT c.id, c.amount, c.provider_id, c.service,
       CASE WHEN EXISTS (SELECT 1 FROM finding f WHERE f.visit_ids @> ARRAY[c.visit_id] AND f.state IN ('open', 'confirmed')) THEN 'high'
            WHEN c.flags <> '{}' THEN 'doubted' ELSE 'plain' END AS risk
FROM claim c WHERE CASE WHEN $3::uuid IS NULL THEN c.month = $1 ELSE c.statement_id = $3 END
  AND ($2::uuid IS NULL OR c.provider_id = $2)
ORDER BY c.id

-- create_sample --
-- A sample with its seed. $1 id $2 district $3 month $4 provider $5 statement $6 seed $7 weights $8 population $9 their amount $10 hash $11 drawn $12 by $13 now
INSERT INTO audit_sample (id, district_id, month, provider_id, statement_id, seed, weights, population, population_amount, population_hash,
                          drawn, drawn_by, drawn_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- create_items --
-- What was drawn. $1 district $2 sample $3 ids $4 claims $5 amounts $6 risks $7 probabilities $8 methods
INSERT INTO sample_item (id, district_id, sample_id, claim_id, position, amount, risk, probability, method)
SELECT i.id, $1, $2, i.claim, i.position, i.amount, i.risk, i.probability, i.method
FROM unnest($3::uuid[], $4::uuid[], $5::numeric[], $6::text[], $7::double precision[], $8::text[])
  WITH ORDINALITY AS i (id, claim, amount, risk, probability, method, position)

-- find_of_statement --
-- The newest sample of a statement. $1 statement
SELECT id FROM audit_sample WHERE statement_id = $1 ORDER BY id DESC LIMIT 1

-- list_samples --
-- Samples, newest first, with how many items wait. $1 month or null $2 after this id or null $3 most
SELECT s.id, s.month, s.provider_id, p.name AS provider, s.statement_id, s.seed, s.weights, s.population, s.population_amount,
       s.population_hash, s.drawn, a.name AS drawn_name, s.drawn_at,
       (SELECT count(*) FROM sample_item i WHERE i.sample_id = s.id AND i.outcome IS NULL)::int AS waiting
FROM audit_sample s LEFT JOIN provider p ON p.id = s.provider_id LEFT JOIN account a ON a.id = s.drawn_by
WHERE ($1::date IS NULL OR s.month = $1) AND ($2::uuid IS NULL OR s.id < $2) ORDER BY s.id DESC LIMIT $3

-- find_sample --
-- One sample. $1 id
SELECT s.id, s.district_id, s.month, s.provider_id, p.name AS provider, s.statement_id, s.seed, s.weights, s.population, s.population_amount,
       s.population_hash, s.drawn, a.name AS drawn_name, s.drawn_at,
       (SELECT count(*) FROM sample_item i WHERE i.sample_id = s.id AND i.outcome IS NULL)::int AS waiting
FROM audit_sample s LEFT JOIN provider p ON p.id = s.provider_id LEFT JOIN account a ON a.id = s.drawn_by WHERE s.id = $1

-- list_items --
-- What was drawn and what was found, in the order of drawing. $1 sample
SELECT i.id, i.district_id, i.sample_id, i.claim_id, i.position, i.amount, i.risk, i.probability, i.method, i.outcome, i.wrong_amount,
       i.note_sealed, i.found_at, f.name AS found_name, c.visit_id, c.service, c.service_on, c.elder_id, e.name AS elder_name, p.name AS provider
FROM sample_item i JOIN claim c ON c.id = i.claim_id JOIN elder e ON e.id = c.elder_id JOIN provider p ON p.id = c.provider_id
LEFT JOIN account f ON f.id = i.found_by
WHERE i.sample_id = $1 ORDER BY i.position

-- find_item --
-- One item. $1 id
SELECT id, district_id, sample_id, claim_id, amount, method, outcome FROM sample_item WHERE id = $1

-- record_outcome --
-- What was found, once; who was not reached may be asked again. $1 id $2 outcome $3 wrong amount $4 note $5 by $6 now
UPDATE sample_item SET outcome = $2, wrong_amount = $3, note_sealed = $4, found_by = $5, found_at = $6
WHERE id = $1 AND (outcome IS NULL OR outcome = 'not_reached') RETURNING id

-- list_checked --
-- What the reached items of a sample said. $1 sample
SELECT amount, wrong_amount, probability FROM sample_item WHERE sample_id = $1 AND wrong_amount IS NOT NULL ORDER BY position
