-- language_of --
-- The language of an operator. $1 account
SELECT language FROM account WHERE id = $1
