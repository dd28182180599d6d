-- has_cards --
-- Whether the district's cards are filled in.
SELECT EXISTS (SELECT FROM person_card)

-- find_person --
-- Somebody of a role. $1 role
SELECT id, name FROM account WHERE district_id = current_district() AND role = $1 ORDER BY login LIMIT 1

-- find_case --
-- An open case of a person that nobody has been asked about.
SELECT c.id, c.type, c.class, c.opened_at FROM care_case c
WHERE c.class = 'care' AND c.state <> 'closed' AND NOT EXISTS (SELECT FROM case_protocol k WHERE k.case_id = c.id) ORDER BY c.id LIMIT 1

-- age_kit --
-- One home's kit was fitted long ago and has not been tested since. $1 when
UPDATE device SET created_at = $1 WHERE care_bed_id = (SELECT id FROM care_bed WHERE ended_on IS NULL ORDER BY id DESC LIMIT 1)
