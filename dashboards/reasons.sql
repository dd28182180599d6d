-- list_own --
-- Which of these caregivers work for a provider. $1 caregivers $2 provider
SELECT id FROM caregiver WHERE id = ANY ($1::uuid[]) AND provider_id = $2
