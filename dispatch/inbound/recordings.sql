-- find_call --
-- Whose call it is. $1 call
SELECT district_id, elder_id FROM phone_call WHERE id = $1

-- expect_recording --
-- The carrier has a recording; named on its call. $1 id $2 district $3 call $4 elder $5 the carrier's id $6 seconds $7 now $8 delete at
WITH new AS (
  INSERT INTO recording (id, district_id, call_id, elder_id, carrier_ref, state, seconds, made_at, next_at, delete_at)
  VALUES ($1, $2, $3, $4, $5, 'wanted', $6, $7, $7, $8)
  ON CONFLICT (call_id, carrier_ref) DO UPDATE SET seconds = recording.seconds RETURNING id),
named AS (UPDATE phone_call SET recording_id = (SELECT id FROM new) WHERE id = $3 AND recording_id IS NULL)
SELECT id FROM new

-- take_wanted --
-- Recordings to fetch now; nobody else takes them for a while. $1 now $2 not again before $3 most
UPDATE recording SET next_at = $2, tries = tries + 1
WHERE id IN (SELECT id FROM recording WHERE next_at <= $1 AND state = 'wanted' ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id, elder_id, carrier_ref, made_at, tries

-- keep_sound --
-- Fetched. $1 recording $2 sound
UPDATE recording SET state = 'kept', sound_sealed = $2, next_at = NULL WHERE id = $1 AND state = 'wanted' RETURNING id

-- lose --
-- The carrier does not have it any more. $1 recording
UPDATE recording SET state = 'lost', next_at = NULL WHERE id = $1 AND state = 'wanted'

-- delete_due --
-- What may not be kept any longer. $1 now
UPDATE recording r SET state = 'deleted', sound_sealed = NULL, next_at = NULL, deleted_at = $1,
       deleted_why = CASE WHEN delete_at <= $1 THEN 'retention' ELSE 'consent_withdrawn' END
WHERE state IN ('wanted', 'kept') AND (delete_at <= $1 OR NOT EXISTS (
  SELECT FROM consent c WHERE c.elder_id = r.elder_id AND c.item = 'recording' AND c.withdrawn_at IS NULL))
RETURNING id

-- delete_one --
-- By hand. $1 recording $2 now
UPDATE recording SET state = 'deleted', sound_sealed = NULL, next_at = NULL, deleted_at = $2, deleted_why = 'by_hand'
WHERE id = $1 AND state <> 'deleted' RETURNING id

-- find_recording --
-- One recording without its sound. $1 recording
SELECT id, district_id, call_id, elder_id, state, seconds, media_type, made_at, delete_at, deleted_at, deleted_why FROM recording WHERE id = $1

-- find_sound --
-- A recording's sound. $1 recording
SELECT sound_sealed FROM recording WHERE id = $1 AND state = 'kept'

-- list_of_case --
-- The recordings of a case's calls, newest first. $1 case
SELECT r.id, r.call_id, r.elder_id, r.state, r.seconds, r.made_at, r.delete_at, r.deleted_at, r.deleted_why
FROM recording r JOIN phone_call c ON c.id = r.call_id WHERE c.case_id = $1 ORDER BY r.made_at DESC, r.id LIMIT 50

-- list_of_call --
-- The recordings of one call. $1 call
SELECT id, call_id, elder_id, state, seconds, made_at, delete_at, deleted_at, deleted_why FROM recording WHERE call_id = $1 ORDER BY made_at, id
