-- list_habits --
-- How devices have spoken: gaps between their last movements, and whether they ever said anything else. $1 device numbers $2 metrics that
-- show movement $3 other metrics $4 since $5 most
SELECT d.no AS device_no, g.gaps, g.longest_s,
       EXISTS (SELECT FROM unnest($3::smallint[]) AS p (metric), LATERAL (
         SELECT FROM ingest.reading r WHERE r.device_no = d.no AND r.metric = p.metric AND r.observed_at >= $4 LIMIT 1) AS one) AS has_pulse
FROM unnest($1::bigint[]) AS d (no), LATERAL (
  SELECT count(gap) AS gaps, coalesce(max(gap), 0)::float8 AS longest_s FROM (
    SELECT extract(epoch FROM observed_at - lag(observed_at) OVER (ORDER BY observed_at)) AS gap FROM (
      SELECT r.observed_at FROM unnest($2::smallint[]) AS a (metric), LATERAL (
        SELECT observed_at FROM ingest.reading r
        WHERE r.device_no = d.no AND r.metric = a.metric AND r.observed_at >= $4 ORDER BY observed_at DESC LIMIT $5) AS r
      ORDER BY observed_at DESC LIMIT $5) AS latest) AS gaps) AS g
