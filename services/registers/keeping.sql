-- list_entitled --
-- Whose entitlements of a month or later may hang on a changed grade. $1 elders
SELECT elder_id, min(month) AS month FROM entitlement WHERE elder_id = ANY ($1::uuid[]) GROUP BY elder_id ORDER BY elder_id
