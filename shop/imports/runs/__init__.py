"""Imports that are looked at before they happen."""
