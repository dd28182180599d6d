-- find_card --
-- An elder's card with who looked at it last. $1 elder
SELECT c.district_id, c.medicines_sealed, c.dialect, c.hearing, c.speech, c.sight, c.aids, c.notes_sealed, c.key_holders, c.revision,
       a.name AS checked_by_name, c.checked_at
FROM person_card c JOIN account a ON a.id = c.checked_by WHERE c.elder_id = $1

-- keep_card --
-- A card as it is now, if nobody was first. $1 elder $2 district $3 medicines $4 dialect $5 hearing $6 speech $7 sight $8 aids $9 notes
-- $10 key holders $11 account $12 now $13 the revision that was read (0: none)
INSERT INTO person_card (elder_id, district_id, medicines_sealed, dialect, hearing, speech, sight, aids, notes_sealed, key_holders,
                         checked_by, checked_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 WHERE $13 = 0 OR EXISTS (SELECT FROM person_card WHERE elder_id = $1)
ON CONFLICT (elder_id) DO UPDATE SET medicines_sealed = excluded.medicines_sealed, dialect = excluded.dialect,
  hearing = excluded.hearing, speech = excluded.speech, sight = excluded.sight, aids = excluded.aids,
  notes_sealed = excluded.notes_sealed, key_holders = excluded.key_holders, revision = person_card.revision + 1,
  checked_by = excluded.checked_by, checked_at = excluded.checked_at
WHERE person_card.revision = $13 RETURNING revision

-- give_key --
-- A contact has a key. $1 elder $2 district $3 member $4 account $5 now
INSERT INTO person_card (elder_id, district_id, key_holders, checked_by, checked_at) VALUES ($1, $2, ARRAY[$3::uuid], $4, $5)
ON CONFLICT (elder_id) DO UPDATE SET key_holders = array_append(array_remove(person_card.key_holders, $3::uuid), $3::uuid),
  revision = person_card.revision + 1

-- take_key --
-- A contact has no key any more. $1 elder $2 member
UPDATE person_card SET key_holders = array_remove(key_holders, $2::uuid), revision = revision + 1 WHERE elder_id = $1

-- is_made_up --
-- Whether a person belongs to a demonstration, whose numbers nobody can dial. $1 elder
SELECT d.is_demo FROM elder e JOIN district d ON d.id = e.district_id WHERE e.id = $1
