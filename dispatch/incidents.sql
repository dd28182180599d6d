-- find_incident --
-- One incident with its case. $1 incident
SELECT c.*, i.region_code AS incident_region, i.lat AS incident_lat, i.lon AS incident_lon
FROM incident i JOIN case_shown c ON c.id = i.id WHERE i.id = $1

-- list_incidents --
-- Incidents, newest first. $1 after or null $2 most $3 only open ones
SELECT c.*, i.region_code AS incident_region, i.lat AS incident_lat, i.lon AS incident_lon
FROM incident i JOIN case_shown c ON c.id = i.id
WHERE ($1::uuid IS NULL OR i.id < $1) AND (NOT $3::boolean OR c.state <> 'closed') ORDER BY i.id DESC LIMIT $2

-- list_members --
-- Its people: without cover first, then by grade, who lives alone, age. $1 incident
SELECT * FROM incident_member_shown WHERE incident_id = $1
ORDER BY restored_at IS NOT NULL, grade_rank, NOT lives_alone, born_on, elder_id

-- note_call --
-- The last call to one of its people. $1 incident $2 elder $3 now $4 account $5 result
UPDATE incident_member SET called_at = $3, called_by = $4, call_result = $5 WHERE incident_id = $1 AND elder_id = $2 RETURNING elder_id

-- claim_waiting --
-- Technical cases that nobody has. $1 cases $2 states $3 account $4 now
WITH before AS (
  SELECT id, state FROM care_case WHERE id = ANY($1::uuid[]) AND class = 'technical' AND state = ANY($2::text[]) AND claimed_by IS NULL
  ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
UPDATE care_case c SET state = 'claimed', claimed_by = $3, claimed_at = $4, escalate_at = NULL FROM before b WHERE c.id = b.id
RETURNING c.id, c.district_id, c.class, c.elder_id, b.state

-- list_cases --
-- The cases that an incident explains. $1 incident
SELECT id FROM care_case WHERE incident_id = $1 AND state <> 'closed' ORDER BY id
