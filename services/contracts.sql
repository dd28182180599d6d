-- create_contract --
-- A provider's contract. $1 id $2 district $3 provider $4 number $5 from $6 to
INSERT INTO contract (id, district_id, provider_id, number, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6)

-- create_price --
-- A service's price under a contract. $1 contract $2 district $3 service $4 unit $5 price
INSERT INTO contract_price (contract_id, district_id, service, unit, price) VALUES ($1, $2, $3, $4, $5)

-- find_price --
-- What the provider's contract says on a day; of two contracts the newer. $1 provider $2 service $3 day
SELECT c.id AS contract_id, c.number, p.unit, p.price FROM contract c JOIN contract_price p ON p.contract_id = c.id
WHERE c.provider_id = $1 AND p.service = $2 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to >= $3)
ORDER BY c.valid_from DESC, c.number DESC LIMIT 1

-- has_contract --
-- Say whether the provider has any contract on a day. $1 provider $2 day
SELECT EXISTS (SELECT FROM contract WHERE provider_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2))

-- list_contracts --
-- Contracts with their prices. $1 provider or null
SELECT c.id, c.provider_id, v.name AS provider, c.number, c.valid_from, c.valid_to,
       (SELECT jsonb_agg(jsonb_build_object('service', p.service, 'unit', p.unit, 'price', p.price::text) ORDER BY p.service)
        FROM contract_price p WHERE p.contract_id = c.id) AS prices
FROM contract c JOIN provider v ON v.id = c.provider_id
WHERE ($1::uuid IS NULL OR c.provider_id = $1) ORDER BY c.valid_from DESC, c.number
