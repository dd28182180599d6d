-- list_cases --
-- The cases of some elders: what is open first, then the last. $1 elders
SELECT * FROM (
  SELECT c.id, c.elder_id, c.type, c.severity, c.state, c.opened_at, c.outcome, a.name AS claimed_name,
         row_number() OVER (PARTITION BY c.elder_id ORDER BY c.state = 'closed', c.opened_at DESC) AS nth
  FROM care_case c LEFT JOIN account a ON a.id = c.claimed_by WHERE c.elder_id = ANY($1::uuid[]) AND c.class = 'care') x
WHERE nth <= 4 ORDER BY elder_id, nth

-- list_visits --
-- The visits of some elders around now: those that come and the last. $1 elders
SELECT * FROM (
  SELECT v.id, v.elder_id, v.service, v.state, v.window_start, v.started_at, g.name AS caregiver_name,
         row_number() OVER (PARTITION BY v.elder_id ORDER BY v.window_start DESC) AS nth
  FROM visit v LEFT JOIN caregiver g ON g.id = v.caregiver_id WHERE v.elder_id = ANY($1::uuid[]) AND v.state <> 'cancelled') x
WHERE nth <= 3 ORDER BY elder_id, nth

-- list_contacts --
-- Whom to call for some elders. $1 elders
SELECT b.elder_id, m.id, m.name, m.phone_sealed, b.relation, b.priority FROM family_bond b
JOIN family_member m ON m.id = b.family_member_id WHERE b.elder_id = ANY($1::uuid[]) AND b.ended_at IS NULL ORDER BY b.elder_id, b.priority, m.id

-- list_complaints --
-- Complaints about some elders that are not closed, newest first. $1 elders
SELECT id, elder_id, kind, source, number, state, received_at FROM complaint
WHERE elder_id = ANY($1::uuid[]) AND state <> 'closed' ORDER BY elder_id, received_at DESC LIMIT 40

-- list_before --
-- Earlier calls of a number, newest first. $1 index $2 this call
SELECT i.call_id, i.arrived_at, i.connected_at, i.reason, i.returned_at, i.returned_how, i.case_id, t.name AS taken_name
FROM inbound_call i LEFT JOIN account t ON t.id = i.taken_by WHERE i.number_index = $1 AND i.call_id <> $2 ORDER BY i.arrived_at DESC LIMIT 8

-- find_people --
-- Elders by a part of the name, for who enters a case. $1 pattern
SELECT e.id, e.name, e.gender, e.born_on, r.name AS region_name FROM elder e JOIN home h ON h.id = e.home_id
LEFT JOIN region r ON r.code = h.region_code WHERE e.name LIKE $1 AND e.died_on IS NULL ORDER BY e.name, e.id LIMIT 20

-- find_elder --
-- The elder whom a case is entered for. $1 elder
SELECT e.id, e.name, e.gender, e.born_on, r.name AS region_name FROM elder e JOIN home h ON h.id = e.home_id
LEFT JOIN region r ON r.code = h.region_code WHERE e.id = $1
