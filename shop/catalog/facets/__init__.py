"""Facets: counting, filtering and ordering any set of products in memory.

Each process keeps an index of all live public products (about 1 kB each) and brings it up to date before it answers:
``announce`` (``shop/catalog/signals.py``) writes down which products have changed, in the transaction that changes
them, so that all processes of a shop agree. See ``docs/listings.md``.
"""
