"""The shop's search runs on a document table of its own; Wagtail's index serves the admin. Both are in the database."""

from storefront.settings.env import env

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# What the search page looks through, best first: group name -> "app_label.PageModel" (see search/sources.py).
SEARCH_SOURCES = {
    "products": "catalog.ProductPage",
    "collections": "catalog.CollectionPage",
    "stories": "home.StoryPage",
    "pages": "home.ContentPage",
}

# The language whose endings are cut off words: "mugs" finds a mug. One of snowballstemmer's (english, german, ...).
SEARCH_LANGUAGE = env.str("SEARCH_LANGUAGE", default="english")

# "documents": the shop's own index in the database. "wagtail": whatever WAGTAILSEARCH_BACKENDS names, for shops that
# run Elasticsearch or OpenSearch.
SEARCH_FINDER = env.str("SEARCH_FINDER", default="documents")
