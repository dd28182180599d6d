-- list_legs --
-- What is known between these places. $1 source $2 cells
SELECT from_cell, to_cell, metres, seconds, fetched_at FROM travel_time
WHERE source = $1 AND from_cell = ANY($2::bigint[]) AND to_cell = ANY($2::bigint[])

-- keep_legs --
-- Keep what a source said, in one order for all who write. $1 district $2 source $3 from $4 to $5 metres $6 seconds $7 now
INSERT INTO travel_time (district_id, source, from_cell, to_cell, metres, seconds, fetched_at)
SELECT $1, $2, g.from_cell, g.to_cell, g.metres, g.seconds, $7::timestamptz
FROM unnest($3::bigint[], $4::bigint[], $5::int[], $6::int[]) AS g (from_cell, to_cell, metres, seconds)
ORDER BY g.from_cell, g.to_cell
ON CONFLICT (district_id, source, from_cell, to_cell)
DO UPDATE SET metres = excluded.metres, seconds = excluded.seconds, fetched_at = excluded.fetched_at
WHERE travel_time.fetched_at <= excluded.fetched_at

-- forget_legs --
-- Ways past their retention. $1 before
DELETE FROM travel_time WHERE fetched_at < $1
