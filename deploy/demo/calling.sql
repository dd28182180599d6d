-- list_seats --
-- Who sits in the call centre; the loader is the owner, who sees the accounts of all districts.
SELECT id FROM account WHERE district_id = current_district() AND role IN ('operator', 'duty_manager') ORDER BY login

-- create_seat --
-- The phone of a seat, once. $1 account $2 district $3 number $4 now
INSERT INTO desk_phone (account_id, district_id, number_sealed, changed_at) VALUES ($1, $2, $3, $4) ON CONFLICT (account_id) DO NOTHING
