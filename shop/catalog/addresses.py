"""Addresses of many pages at once, without loading them."""

from collections.abc import Callable
from urllib.parse import quote

from django.urls import reverse
from django.utils.http import RFC3986_SUBDELIMS
from wagtail.models import Site


def page_addresses() -> Callable[[str], str]:
    """A function from ``Page.url_path`` to what ``Page.url`` says; empty for a page outside every site.

    The sites are looked up once (in the cache), not once per page.
    """
    roots = Site.get_site_root_paths()
    start = reverse("wagtail_serve", args=("",))

    def address(url_path: str) -> str:
        for root in roots:
            if url_path.startswith(root.root_path):
                path = start + quote(url_path[len(root.root_path) :], safe=RFC3986_SUBDELIMS + "/~:@")
                return path if len(roots) == 1 else root.root_url + path
        return ""

    return address
