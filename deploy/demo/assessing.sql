-- has_wants --
-- Whether the district's assessments have been told already.
SELECT EXISTS (SELECT FROM assessment_want)

-- list_elders --
-- Elders in the order in which they came.
SELECT id, name, category FROM elder WHERE died_on IS NULL ORDER BY id LIMIT 60

-- list_staff --
-- Who works at the desks.
SELECT id, role, name FROM account WHERE role IN ('assessor', 'clerk', 'approver') AND disabled_at IS NULL ORDER BY login

-- find_caregiver --
-- A caregiver who may call on somebody.
SELECT id FROM caregiver WHERE ended_at IS NULL AND 'care' = ANY(skills) ORDER BY id LIMIT 1
