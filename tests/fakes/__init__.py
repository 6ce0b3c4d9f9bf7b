"""Stand-ins for other companies' services, spoken to over real HTTP."""
