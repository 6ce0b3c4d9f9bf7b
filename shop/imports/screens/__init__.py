"""Imports and exports in the admin."""
