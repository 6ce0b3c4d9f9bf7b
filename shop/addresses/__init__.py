"""How each country writes addresses, postcodes and phone numbers; no tables. Shared by the checkout and the account."""
