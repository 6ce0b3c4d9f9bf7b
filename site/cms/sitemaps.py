"""The sitemap: every public page of a site, from two columns of one query per file.

Wagtail's own loads every page as the type it is, which takes seconds and all memory for a large catalogue.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from wagtail.models import Page, Site

# The most addresses that one file may have (sitemaps.org).
FILE_LIMIT = 50_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


# What rooms above add: address below a site's root, and when it last changed.
Entry = tuple[str, datetime | None]
Entries = Callable[[Site], Iterable[Entry]]
_sources: dict[str, Entries] = {}


class AlreadyRegistered(RuntimeError):
    """Two sources have the same name."""


def register(name: str, source: Entries) -> None:
    """Add addresses that are no pages of their own (in ``AppConfig.ready``). Raises AlreadyRegistered."""
    if _sources.get(name, source) is not source:
        raise AlreadyRegistered(f"The sitemap has a source {name!r} already.")
    _sources[name] = source


def further(site: Site) -> list[Entry]:
    """What the sources give, in their order."""
    return [entry for name in sorted(_sources) for entry in _sources[name](site)]


def public_pages(site: Site) -> "QuerySet[Page]":
    """What anybody may see of a site, in tree order; aliases are left to what they mirror."""
    pages: QuerySet[Page] = (
        Page.objects.descendant_of(site.root_page, inclusive=True).live().public().filter(alias_of=None)
    )
    return pages.order_by("path")


def file_count(site: Site, more: Sequence[Entry] = ()) -> int:
    """How many files the pages and ``more`` addresses fill; at least one."""
    return max(1, -(-(public_pages(site).count() + len(more)) // FILE_LIMIT))


def index(site: Site, address: str, count: int) -> Iterator[str]:
    """The index of ``count`` files; ``address`` is that of the sitemap itself."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{_NAMESPACE}">\n'
    for number in range(1, count + 1):
        yield f"<sitemap><loc>{escape(f'{address}?p={number}')}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def urlset(site: Site, number: int, more: Sequence[Entry] = ()) -> Iterator[str]:
    """One file, counted from 1: the pages first, then ``more`` addresses."""
    rows = public_pages(site).values_list("url_path", "last_published_at")
    start = (number - 1) * FILE_LIMIT
    prefix = site.root_page.url_path
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_NAMESPACE}">\n'
    written = 0
    for url_path, changed in rows[start : start + FILE_LIMIT].iterator():
        written += 1
        yield _url(f"{site.root_url}/{quote(url_path.removeprefix(prefix), safe='/')}", changed)
    if more and written < FILE_LIMIT:
        skipped = max(start - rows.count(), 0)
        for path, changed in more[skipped : skipped + FILE_LIMIT - written]:
            yield _url(f"{site.root_url}/{quote(path, safe='/')}", changed)
    yield "</urlset>\n"


def _url(location: str, changed: datetime | None) -> str:
    modified = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<url><loc>{escape(location)}</loc>{modified}</url>\n"
