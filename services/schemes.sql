-- load_scheme --
-- A new version of a scheme. $1 id $2 district $3 code $4 version $5 name $6 scale $7 from $8 to $9 body $10 sha256 $11 now
INSERT INTO scheme (id, district_id, code, version, name, scale, effective_from, effective_to, body, sha256, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- find_version --
-- One version of a scheme. $1 code $2 version
SELECT id, sha256 FROM scheme WHERE code = $1 AND version = $2

-- end_earlier_versions --
-- A new version ends the one before. $1 code $2 version $3 the day before it starts
UPDATE scheme SET effective_to = $3
WHERE code = $1 AND version < $2 AND (effective_to IS NULL OR effective_to > $3) AND effective_from <= $3

-- find_scheme --
-- One scheme. $1 id
SELECT id, code, version, name, scale, effective_from, effective_to, body, sha256, created_at FROM scheme WHERE id = $1

-- list_schemes --
-- The district's schemes, newest first.
SELECT id, code, version, name, scale, effective_from, effective_to, body, sha256, created_at FROM scheme
ORDER BY effective_from DESC, code, version DESC

-- list_in_force --
-- The schemes that a person is enrolled in on a day. $1 elder $2 day
SELECT s.id, s.code, s.body FROM enrolment e
JOIN scheme s ON s.code = e.scheme_code AND s.effective_from <= $2 AND (s.effective_to IS NULL OR s.effective_to >= $2)
WHERE e.elder_id = $1 AND e.valid_from <= $2 AND (e.valid_to IS NULL OR e.valid_to >= $2)
ORDER BY s.code, s.version DESC
