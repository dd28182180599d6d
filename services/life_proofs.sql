-- record_proof --
-- A proof, once a day and method. $1 id $2 district $3 elder $4 day $5 until $6 method $7 by $8 what it rests on $9 now
INSERT INTO life_proof AS p (id, district_id, elder_id, proven_on, valid_to, method, by_account, evidence, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (elder_id, proven_on, method) DO UPDATE SET valid_to = greatest(p.valid_to, excluded.valid_to) RETURNING id

-- list_states --
-- What the devices at a person's open care beds said last. $1 elder
SELECT s.device_id, d.thing_model, s."values", e.lives_alone FROM device d JOIN care_bed b ON b.id = d.care_bed_id
JOIN elder e ON e.id = b.elder_id
CROSS JOIN LATERAL states_of(ARRAY[d.id]) s
WHERE b.elder_id = $1 AND b.ended_on IS NULL AND d.retired_at IS NULL

-- list_of_elder --
-- A person's proofs, newest first. $1 elder
SELECT p.id, p.proven_on, p.valid_to, p.method, p.evidence, p.recorded_at, a.name AS by_name FROM life_proof p
LEFT JOIN account a ON a.id = p.by_account WHERE p.elder_id = $1 ORDER BY p.proven_on DESC, p.id DESC LIMIT 50

-- list_spans --
-- The days for which proofs hold. $1 elders
SELECT elder_id, proven_on, valid_to FROM life_proof WHERE elder_id = ANY ($1::uuid[]) ORDER BY proven_on, id

-- list_owed --
-- Who is enrolled where a proof is asked for, and how far their proofs reach, about; exactly is decided by the caller.
-- $1 scheme codes $2 today $3 months that a proof holds $4 latest end $5 elder or null $6 most
SELECT * FROM (
  SELECT e.id AS elder_id, e.name, array_agg(DISTINCT n.scheme_code ORDER BY n.scheme_code) AS schemes, min(n.valid_from) AS enrolled_from,
         max(p.proven_on) AS last_on, max(p.valid_to) AS last_to
  FROM enrolment n JOIN elder e ON e.id = n.elder_id
  LEFT JOIN LATERAL (SELECT proven_on, valid_to FROM life_proof WHERE elder_id = e.id ORDER BY valid_to DESC LIMIT 1) p ON true
  WHERE n.scheme_code = ANY ($1::text[]) AND e.died_on IS NULL AND ($5::uuid IS NULL OR e.id = $5)
    AND EXISTS (SELECT FROM enrolment c WHERE c.elder_id = e.id AND c.scheme_code = ANY ($1::text[])
                AND c.valid_from <= $2 AND (c.valid_to IS NULL OR c.valid_to >= $2))
  GROUP BY e.id, e.name) o
WHERE greatest(last_to, (enrolled_from + make_interval(months => $3))::date - 1) <= $4
ORDER BY greatest(last_to, (enrolled_from + make_interval(months => $3))::date - 1), elder_id LIMIT $6

-- find_proof --
-- One proof. $1 id
SELECT id, elder_id, proven_on, valid_to, method, evidence, recorded_at FROM life_proof WHERE id = $1

-- find_visit --
-- A visit of a person. $1 visit $2 elder
SELECT state, started_at, window_start FROM visit WHERE id = $1 AND elder_id = $2
