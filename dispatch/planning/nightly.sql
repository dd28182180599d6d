-- list_unplanned --
-- Days that have something to plan and that no plan of the whole district was asked for since an instant. $1 days $2 since
SELECT d AS day, n.visits FROM unnest($1::date[]) d CROSS JOIN LATERAL (
  SELECT count(*)::int AS visits FROM visit v WHERE v.state IN ('wanted', 'offered', 'accepted') AND v.case_id IS NULL
    AND ((v.window_start AT TIME ZONE 'Asia/Shanghai')::date = d OR d BETWEEN v.movable_from AND v.movable_to)) n
WHERE n.visits > 0
  AND NOT EXISTS (SELECT FROM plan WHERE "on" = d AND provider_id IS NULL AND cause = 'nightly' AND created_at >= $2)
ORDER BY d
