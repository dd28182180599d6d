-- list_found --
-- A page of the fleet. $1 model $2 region $3 condition $4 low battery $5 tested before $6 text $7 sort
-- $8 to $10 the place after which it begins $11 most
SELECT device_id, rank, label, device_no FROM fleet_found($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- count_fleet --
-- How many there are, and how many want attention. $1 low battery
SELECT "all", offline, silent, never, low_battery FROM fleet_counted($1)

-- list_regions --
-- Communities that have devices.
SELECT code, name FROM fleet_regions()

-- list_binned --
-- A device's values in slots. $1 device $2 since $3 until $4 slot
SELECT metric, at, low, mean, high, times FROM readings_binned($1, $2, $3, $4)
