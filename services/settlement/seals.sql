-- lock_chain --
-- One statement of a district is sealed at a time. $1 district
SELECT pg_advisory_xact_lock(hashtextextended('statements ' || $1::text, 0))

-- find_head --
-- The district's last seal.
SELECT number, hash FROM statement_seal ORDER BY number DESC LIMIT 1

-- find_audit_head --
-- How far the audit log is linked.
SELECT number, hash FROM audit_log WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1

-- hash_lines --
-- How many lines a statement has, and the hash over them in order. $1 statement
WITH line AS (
  SELECT 1 AS part, started_at AS at, id, claim_text(c) AS body FROM claim c WHERE statement_id = $1
  UNION ALL
  SELECT 2, made_at, id, line_text(l) FROM statement_line l WHERE statement_id = $1
), hashed AS (
  SELECT row_number() OVER (ORDER BY part, at, id) - 1 AS n, sha256(convert_to(body, 'UTF8')) AS hash FROM line
), block AS (
  SELECT n / 256 AS b, sha256(string_agg(hash, ''::bytea ORDER BY n)) AS hash, count(*) AS lines FROM hashed GROUP BY n / 256
)
SELECT coalesce(sum(lines), 0)::int AS lines, sha256(coalesce(string_agg(hash, ''::bytea ORDER BY b), ''::bytea)) AS hash FROM block

-- list_lines --
-- A statement's lines as they are hashed, in order. $1 statement
WITH line AS (
  SELECT 1 AS part, started_at AS at, id, claim_text(c) AS body FROM claim c WHERE statement_id = $1
  UNION ALL
  SELECT 2, made_at, id, line_text(l) FROM statement_line l WHERE statement_id = $1
)
SELECT id, body, sha256(convert_to(body, 'UTF8')) AS hash FROM line ORDER BY part, at, id

-- add_seal --
-- The next link. $1 district $2 number $3 statement $4 body $5 lines $6 their hash $7 previous $8 hash $9 audit number $10 audit hash $11 now
INSERT INTO statement_seal (district_id, number, statement_id, body, lines, lines_hash, previous, hash, audit_number, audit_hash, sealed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- find_seal --
-- A statement's seal. $1 statement
SELECT number, statement_id, body, lines, lines_hash, previous, hash, audit_number, audit_hash, sealed_at FROM statement_seal WHERE statement_id = $1

-- list_seals --
-- The district's chain in order.
SELECT number, statement_id, body, lines, lines_hash, previous, hash FROM statement_seal ORDER BY number

-- find_state --
-- Where a statement stands, to say why it has no seal. $1 statement
SELECT state FROM statement WHERE id = $1
