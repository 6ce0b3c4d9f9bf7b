"""Invoices, credit notes and packing slips: numbered, composed, made into PDF, handed out."""
