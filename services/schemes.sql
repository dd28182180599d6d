-- load_scheme --
-- A new version of a scheme. $1 id $2 district $3 code $4 version $5 name $6 kind $7 scale $8 from $9 to $10 body $11 sha256
-- $12 state $13 proposed by $14 now
INSERT INTO scheme (id, district_id, code, version, name, kind, scale, effective_from, effective_to, body, sha256, state, proposed_by,
                    created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

-- propose_anew --
-- A draft, or what was withdrawn, proposed again with other text. $1 id $2 name $3 kind $4 scale $5 from $6 to $7 body $8 sha256
-- $9 proposed by $10 now
UPDATE scheme SET name = $2, kind = $3, scale = $4, effective_from = $5, effective_to = $6, body = $7, sha256 = $8,
                  state = 'draft', proposed_by = $9, created_at = $10
WHERE id = $1 AND state IN ('draft', 'withdrawn') RETURNING id

-- find_version --
-- One version of a scheme. $1 code $2 version
SELECT id, sha256, state, proposed_by FROM scheme WHERE code = $1 AND version = $2

-- end_earlier_versions --
-- A new version ends the one before. $1 code $2 version $3 the day before it starts
UPDATE scheme SET effective_to = $3
WHERE code = $1 AND version < $2 AND state = 'signed' AND (effective_to IS NULL OR effective_to > $3) AND effective_from <= $3

-- lock_code --
-- One signature at a time for the versions of a code. $1 district and code
SELECT pg_advisory_xact_lock(hashtextextended('scheme ' || $1::text, 0))

-- find_scheme --
-- One scheme. $1 id
SELECT s.id, s.code, s.version, s.name, s.kind, s.scale, s.effective_from, s.effective_to, s.body, s.sha256, s.created_at, s.state,
       s.proposed_by, p.name AS proposer, s.signed_by, g.name AS signer, s.signed_at
FROM scheme s LEFT JOIN account p ON p.id = s.proposed_by LEFT JOIN account g ON g.id = s.signed_by WHERE s.id = $1

-- list_schemes --
-- The district's schemes, newest first. $1 states
SELECT s.id, s.code, s.version, s.name, s.kind, s.scale, s.effective_from, s.effective_to, s.body, s.sha256, s.created_at, s.state,
       s.proposed_by, p.name AS proposer, s.signed_by, g.name AS signer, s.signed_at,
       coalesce(substring(s.body FROM '(?n)^name_en *= *"([^"]*)"'), s.name) AS name_en
FROM scheme s LEFT JOIN account p ON p.id = s.proposed_by LEFT JOIN account g ON g.id = s.signed_by
WHERE s.state = ANY ($1::text[]) ORDER BY s.effective_from DESC, s.code, s.version DESC

-- list_in_force --
-- The schemes that a person is enrolled in on a day and that pay visits. $1 elder $2 day
SELECT s.id, s.code, s.body FROM enrolment e
JOIN scheme s ON s.code = e.scheme_code AND s.state = 'signed' AND s.kind IN ('services', 'voucher')
             AND s.effective_from <= $2 AND (s.effective_to IS NULL OR s.effective_to >= $2)
WHERE e.elder_id = $1 AND e.valid_from <= $2 AND (e.valid_to IS NULL OR e.valid_to >= $2)
ORDER BY s.code, s.version DESC

-- sign_scheme --
-- The second person signs a draft as it was read. $1 id $2 sha256 $3 signed by $4 now
UPDATE scheme SET state = 'signed', signed_by = $3, signed_at = $4
WHERE id = $1 AND state = 'draft' AND sha256 = $2 AND proposed_by <> $3 RETURNING id

-- withdraw_scheme --
-- A draft is taken back. $1 id
UPDATE scheme SET state = 'withdrawn' WHERE id = $1 AND state = 'draft' RETURNING id

-- list_use --
-- Whether earlier versions of a code were used from a day on: priced visits, allowance lists past their draft. $1 code $2 day
SELECT (SELECT min(c.service_on) FROM claim c JOIN scheme s ON s.id = c.scheme_id WHERE s.code = $1 AND c.service_on >= $2) AS visit_on,
       (SELECT min(l.month) FROM allowance_list l WHERE l.scheme_code = $1 AND l.month >= $2 AND l.state <> 'draft') AS list_month

-- drop_unused_months --
-- Months opened under earlier versions that the successor now covers. $1 code $2 version $3 its first day
DELETE FROM entitlement e USING scheme s
WHERE s.id = e.scheme_id AND s.code = $1 AND s.version < $2 AND e.month >= $3 AND e.used = 0
  AND NOT EXISTS (SELECT FROM claim c WHERE c.entitlement_id = e.id)
