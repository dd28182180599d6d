-- list_claims --
-- Claims of a month by their filters, in the order of their id.
-- $1 month $2 provider or null $3 service or null $4 flagged or null $5 statement or null $6 after or null $7 most
SELECT c.id, c.service, c.service_on, c.units, c.unit, c.unit_price, c.amount, c.subsidy, c.copay, c.grade, c.flags, c.statement_id,
       e.name AS elder_name, p.name AS provider
FROM claim c JOIN elder e ON e.id = c.elder_id JOIN provider p ON p.id = c.provider_id
WHERE ($1::date IS NULL OR c.month = $1) AND ($2::uuid IS NULL OR c.provider_id = $2) AND ($3::text IS NULL OR c.service = $3)
  AND ($4::boolean IS NULL OR (c.flags <> '{}') = $4) AND ($5::uuid IS NULL OR c.statement_id = $5)
  AND ($6::uuid IS NULL OR c.id > $6)
ORDER BY c.id LIMIT $7

-- sum_claims --
-- What the same filters add up to. $1 month $2 provider $3 service $4 flagged $5 statement; null: any
SELECT count(*)::int AS claims, coalesce(sum(amount), 0)::numeric(14,2) AS amount, coalesce(sum(subsidy), 0)::numeric(14,2) AS subsidy,
       coalesce(sum(copay), 0)::numeric(14,2) AS copay, count(*) FILTER (WHERE flags <> '{}')::int AS flagged
FROM claim c
WHERE ($1::date IS NULL OR c.month = $1) AND ($2::uuid IS NULL OR c.provider_id = $2) AND ($3::text IS NULL OR c.service = $3)
  AND ($4::boolean IS NULL OR (c.flags <> '{}') = $4) AND ($5::uuid IS NULL OR c.statement_id = $5)

-- list_providers --
-- Every provider. $1 only this one, or null
SELECT id, name FROM provider WHERE $1::uuid IS NULL OR id = $1 ORDER BY name, id LIMIT 500

-- find_evidence --
-- The visit behind a claim, its proof, the case behind the visit. $1 visit
SELECT v.*, c.type AS case_type, c.severity, c.state AS case_state, c.opened_at, c.claimed_at, c.claimed_by_name, c.closed_at,
       c.outcome, c.care_bed_label
FROM visit_shown v LEFT JOIN case_shown c ON c.id = v.case_id WHERE v.id = $1

-- list_steps --
-- Every step of a visit, oldest first. $1 visit
SELECT t.at, t.action, t.from_state, t.to_state, t.data, a.name AS by_name, a.role AS by_role
FROM visit_entry t LEFT JOIN account a ON a.id = t.account_id WHERE t.visit_id = $1 ORDER BY t.at, t.id LIMIT 100

-- list_messages --
-- The device messages behind a case, oldest first. $1 case
SELECT a.id, a.message_id, a.type, a.severity, a.observed_at, a.received_at, a.rule, a.evidence, a.raw, a.device_id,
       d.name AS device_name, d.thing_model, d.room, d.ecosystem
FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id JOIN device d ON d.id = a.device_id
WHERE l.case_id = $1 ORDER BY a.received_at, a.id LIMIT 50
