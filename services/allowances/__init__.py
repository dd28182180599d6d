"""Money paid to persons: monthly payment lists, from the draft to what the bank says of each payment."""
