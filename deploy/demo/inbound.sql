-- find_callers --
-- An elder with a phone and a relative with one.
SELECT e.id AS elder_id, e.phone_sealed AS elder_phone, m.phone_sealed AS member_phone FROM elder e
JOIN family_bond b ON b.elder_id = e.id AND b.ended_at IS NULL JOIN family_member m ON m.id = b.family_member_id
WHERE e.phone_sealed IS NOT NULL AND m.phone_sealed IS NOT NULL
ORDER BY EXISTS (SELECT FROM consent c WHERE c.elder_id = e.id AND c.item = 'recording' AND c.withdrawn_at IS NULL) DESC, e.created_at, e.id LIMIT 1

-- find_operator --
-- Somebody of the call centre.
SELECT id FROM account WHERE role = 'operator' AND district_id = current_district() ORDER BY login LIMIT 1

-- has_consent --
-- An elder has agreed to recordings. $1 elder
SELECT EXISTS (SELECT FROM consent WHERE elder_id = $1 AND item = 'recording' AND withdrawn_at IS NULL)

-- speak --
-- An operator took the call and spoke. $1 call $2 account $3 at
WITH spoken AS (UPDATE phone_call SET state = 'answered', answered_at = $3 WHERE id = $1)
UPDATE inbound_call SET taken_by = $2, taken_at = $3, connected_at = $3, on_duty = 1 WHERE call_id = $1

-- sit_down --
-- An operator was there, and busy. $1 call
UPDATE inbound_call SET on_duty = 1 WHERE call_id = $1

-- keep_recording --
-- A recording with consent. $1 id $2 district $3 call $4 elder $5 seconds $6 sound $7 at $8 delete at
WITH kept AS (
  INSERT INTO recording (id, district_id, call_id, elder_id, carrier_ref, state, seconds, sound_sealed, made_at, delete_at)
  VALUES ($1, $2, $3, $4, 'demo', 'kept', $5, $6, $7, $8) RETURNING id)
UPDATE phone_call SET recording_id = (SELECT id FROM kept) WHERE id = $3
