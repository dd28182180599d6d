-- count_waiting --
-- What waits for the auditor. $1 this month $2 now $3 in a day
SELECT (SELECT count(*) FROM finding WHERE state = 'open' AND is_main)::int AS findings,
       (SELECT count(*) FROM finding WHERE state = 'open' AND is_main AND severity = 'high')::int AS grave,
       (SELECT count(*) FROM sample_item WHERE outcome IS NULL)::int AS samples,
       (SELECT count(*) FROM complaint WHERE state <> 'closed')::int AS complaints,
       (SELECT count(*) FROM complaint WHERE state IN ('open', 'assigned') AND due_at < $2)::int AS late,
       (SELECT count(*) FROM complaint WHERE state IN ('open', 'assigned') AND due_at BETWEEN $2 AND $3)::int AS soon,
       (SELECT count(*) FROM complaint WHERE state = 'answered')::int AS answered,
       (SELECT count(*) FROM statement WHERE state IN ('checked', 'confirmed'))::int AS statements,
       (SELECT count(*) FROM statement WHERE state = 'disputed')::int AS disputed,
       (SELECT count(*) FROM dispute WHERE outcome IS NULL)::int AS appeals,
       (SELECT count(*) FROM budget_warning w JOIN budget b ON b.id = w.budget_id
        WHERE b.ended_at IS NULL AND b.year = extract(year FROM $1::date))::int AS budgets,
       (SELECT count(*) FROM unpriced_visit WHERE code <> 'new')::int AS unpriced,
       (SELECT count(*) FROM audit_log WHERE number IS NULL)::int AS unlinked

-- count_doubts --
-- Claims of a month with a doubt, and their money. $1 month
SELECT coalesce(sum(claims), 0)::bigint AS claims, coalesce(sum(flagged), 0)::bigint AS flagged,
       coalesce(sum(amount), 0)::numeric(14,2) AS amount, coalesce(sum(approved), 0)::numeric(14,2) AS approved
FROM purchase WHERE month = $1
