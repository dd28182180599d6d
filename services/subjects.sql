-- list_people --
-- What is undated of many persons. $1 elders
SELECT id, born_on, died_on, gender, category FROM elder WHERE id = ANY ($1::uuid[])

-- list_dated --
-- Dated facts and grades of many persons, in the order of their beginning. $1 elders
SELECT elder_id, kind, value, valid_from, valid_to FROM person_fact WHERE elder_id = ANY ($1::uuid[])
UNION ALL
SELECT elder_id, 'grade:' || scale, grade, valid_from, valid_to FROM grade WHERE elder_id = ANY ($1::uuid[])
ORDER BY valid_from, kind, value

-- list_absences_of --
-- Absences of many persons. $1 elders
SELECT elder_id, kind, starts_on, ends_on FROM absence WHERE elder_id = ANY ($1::uuid[]) ORDER BY starts_on

-- list_memberships --
-- Enrolments of many persons. $1 elders
SELECT elder_id, scheme_code, valid_from, valid_to FROM enrolment WHERE elder_id = ANY ($1::uuid[])
ORDER BY valid_from, scheme_code

-- list_proofs_of --
-- Days for which a proof of life holds, of many persons. $1 elders
SELECT elder_id, proven_on, valid_to FROM life_proof WHERE elder_id = ANY ($1::uuid[]) ORDER BY proven_on, id
