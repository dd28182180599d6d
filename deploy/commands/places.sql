-- find_care_bed --
-- Say whether the current district has a care bed. $1 care bed
SELECT EXISTS (SELECT FROM care_bed WHERE id = $1)

-- find_device --
-- Say whether the current district has a device. $1 device
SELECT EXISTS (SELECT FROM device WHERE id = $1)
