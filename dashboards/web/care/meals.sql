-- list_people --
-- Living elders to choose from, by name; a provider's manager: whom the provider visits, looks after or has fed. $1 provider or null
SELECT e.id, e.name, e.born_on FROM elder e WHERE e.died_on IS NULL
  AND ($1::uuid IS NULL OR EXISTS (SELECT FROM visit v WHERE v.elder_id = e.id AND v.provider_id = $1)
       OR EXISTS (SELECT FROM care_bed b WHERE b.elder_id = e.id AND b.provider_id = $1 AND b.ended_on IS NULL)
       OR EXISTS (SELECT FROM meal_serving s JOIN meal m ON m.id = s.meal_id JOIN place p ON p.id = m.place_id
                  WHERE s.elder_id = e.id AND p.provider_id = $1))
ORDER BY e.name, e.id LIMIT 500
