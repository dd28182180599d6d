-- has_rota --
-- Say whether the district has a rota.
SELECT EXISTS (SELECT FROM duty_shift WHERE district_id = current_district())

-- lay --
-- A shift, unless one is there. $1 id $2 district $3 account $4 role $5 starts $6 ends
INSERT INTO duty_shift (id, district_id, account_id, role, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING

-- list_beds --
-- Beds with one of their devices.
SELECT DISTINCT ON (b.id) b.id AS care_bed_id, d.id AS device_id FROM care_bed b JOIN device d ON d.care_bed_id = b.id
WHERE b.district_id = current_district() ORDER BY b.id, d.id

-- add_case --
-- A case that is over. $1 id $2 district $3 bed $4 type $5 severity $6 opened $7 by $8 claimed $9 closed $10 outcome $11 policy
INSERT INTO care_case (id, district_id, elder_id, care_bed_id, class, type, severity, state, opened_at, last_alarm_at, claimed_by, claimed_at,
                       closed_by, closed_at, outcome, policy)
SELECT $1, $2, b.elder_id, b.id, 'care', $4, $5, 'closed', $6, $6, $7, $8, $7, $9, $10, $11 FROM care_bed b WHERE b.id = $3

-- add_alarm --
-- Its alarm, of the past: nothing takes it in again. $1 id $2 district $3 device $4 type $5 severity $6 at $7 message
INSERT INTO alarm (id, district_id, device_id, care_bed_id, elder_id, message_id, type, class, severity, observed_at, received_at, historical)
SELECT $1, $2, d.id, d.care_bed_id, b.elder_id, $7, $4, 'care', $5, $6, $6, true
FROM device d JOIN care_bed b ON b.id = d.care_bed_id WHERE d.id = $3

-- link --
-- The alarm belongs to the case. $1 alarm $2 case $3 district $4 at
INSERT INTO case_alarm (alarm_id, case_id, district_id, linked_at) VALUES ($1, $2, $3, $4)

-- write --
-- A line of a timeline. $1 id $2 district $3 case $4 at $5 who $6 action $7 from $8 to
INSERT INTO case_entry (id, district_id, case_id, at, account_id, action, from_state, to_state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- last_elder --
-- The elder who came last.
SELECT id FROM elder WHERE district_id = current_district() AND died_on IS NULL ORDER BY id DESC LIMIT 1
