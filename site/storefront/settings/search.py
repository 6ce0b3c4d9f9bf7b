"""Wagtail's index in the database: PostgreSQL full text or SQLite FTS5, whichever ``DATABASE_URL`` names."""

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# What the search page looks through, best first: group name -> "app_label.PageModel" (see search/sources.py).
SEARCH_SOURCES = {"products": "catalog.ProductPage", "stories": "home.StoryPage"}
