-- list_lost --
-- Seals that name a head of the audit log which is not there.
SELECT z.number FROM statement_seal z
WHERE z.audit_number IS NOT NULL
  AND NOT EXISTS (SELECT FROM audit_log l WHERE l.number = z.audit_number AND l.hash = z.audit_hash) ORDER BY z.number
