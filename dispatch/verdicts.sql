-- list_verdicts --
-- What people found when they closed the cases of rules' alarms. $1 elder $2 since $3 until
SELECT a.rule, a.device_id, a.observed_at, c.outcome, c.false_alarm
FROM care_case c JOIN case_alarm l ON l.case_id = c.id JOIN alarm a ON a.id = l.alarm_id
WHERE c.elder_id = $1 AND c.state = 'closed' AND a.rule IS NOT NULL AND a.observed_at >= $2 AND a.observed_at < $3
ORDER BY a.observed_at, a.id
