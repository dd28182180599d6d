-- set_aside --
-- A device that is replaced leaves its address to its successor. $1 device
UPDATE device SET address = address || ' ' || id WHERE id = $1 AND address IS NOT NULL

-- link --
-- It took the place of another, in the same box. $1 device $2 the other
UPDATE device d SET replaces_id = o.id, kit_id = o.kit_id FROM device o WHERE d.id = $1 AND o.id = $2

-- move_children --
-- The devices of a hub that is replaced are devices of its successor. $1 old hub $2 new hub
UPDATE device SET hub_id = $2 WHERE hub_id = $1 AND retired_at IS NULL

-- list_bindings --
-- Where a device has been. $1 device
SELECT h.care_bed_id, b.label AS care_bed_label, h.room, h.bound_at, h.unbound_at
FROM device_binding h JOIN care_bed b ON b.id = h.care_bed_id WHERE h.device_id = $1 ORDER BY h.bound_at, h.id

-- list_line --
-- The devices that stood in the same place one after another, the first first. $1 one of them
WITH RECURSIVE before AS (
  SELECT id, replaces_id, 0 AS step FROM device WHERE id = $1
  UNION ALL SELECT d.id, d.replaces_id, b.step - 1 FROM before b JOIN device d ON d.id = b.replaces_id WHERE b.step > -100
), later AS (
  SELECT id, 0 AS step FROM device WHERE id = $1
  UNION ALL SELECT d.id, l.step + 1 FROM later l JOIN device d ON d.replaces_id = l.id WHERE l.step < 100
)
SELECT d.id, d.thing_model, d.name, d.created_at, d.retired_at
FROM (SELECT id, step FROM before UNION SELECT id, step FROM later) s JOIN device d ON d.id = s.id ORDER BY s.step
