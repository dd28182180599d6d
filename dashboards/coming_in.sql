-- invitations_for_phone --
-- Invitations that wait for a number, in every district. $1 its index in each
SELECT id, district_id, state, turn, tries, expires_at FROM invitations_for_phone($1)

-- invitation_for_ticket --
-- The proven invitation of a browser. $1 ticket's hash
SELECT id, district_id FROM invitation_for_ticket($1)

-- count_marked --
-- Wrong codes tried on one number. $1 mark of the number $2 since
SELECT count(*) FROM login_attempt WHERE address = $1 AND at > $2
