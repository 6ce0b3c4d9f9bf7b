"""How much fits into a cart. A shop is not a wholesaler, and a session is not a database."""

MAX_QUANTITY_PER_LINE = 99
MAX_LINES = 100
