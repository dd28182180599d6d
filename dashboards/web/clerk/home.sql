-- count_waiting --
-- What waits for a clerk beside the lists of the page. $1 today $2 grades that end up to this day
SELECT (SELECT count(*) FROM grade g WHERE g.scale = 'gbt_42195' AND g.valid_to BETWEEN $1 AND $2
        AND NOT EXISTS (SELECT FROM grade n WHERE n.elder_id = g.elder_id AND n.scale = g.scale AND n.valid_from > g.valid_from)) AS grades,
       (SELECT count(*) FROM death_event WHERE state = 'reported') AS deaths,
       (SELECT count(*) FROM condition_report WHERE settled_at IS NULL AND wants_assessment) AS reports,
       (SELECT count(*) FROM unpriced_visit WHERE code <> 'new') AS unpriced,
       (SELECT count(*) FROM eligibility_match WHERE state = 'open') AS matches,
       (SELECT count(*) FROM register_import WHERE state IN ('ready', 'wrong')) AS imports

-- list_lapsing --
-- Whose grade of ability ends soon, the first first. $1 today $2 up to this day $3 most
SELECT e.id, e.name, g.grade, g.valid_to FROM grade g JOIN elder e ON e.id = g.elder_id AND e.died_on IS NULL
WHERE g.scale = 'gbt_42195' AND g.valid_to BETWEEN $1 AND $2
  AND NOT EXISTS (SELECT FROM grade n WHERE n.elder_id = g.elder_id AND n.scale = g.scale AND n.valid_from > g.valid_from)
ORDER BY g.valid_to, e.id LIMIT $3

-- list_deaths --
-- Deaths that somebody has reported and nobody has confirmed. $1 most
SELECT d.id, d.elder_id, e.name, d.died_on, d.source, d.reported_at FROM death_event d JOIN elder e ON e.id = d.elder_id
WHERE d.state = 'reported' ORDER BY d.reported_at LIMIT $1
