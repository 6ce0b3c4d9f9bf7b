"""This process's index of the catalogue, brought up to date whenever it is asked for."""

import logging
import threading
import time

from django.db import connections

from cms.restrictions import public
from shop.catalog.facets.changes import PRODUCTS_MOST, Position
from shop.catalog.facets.records import records
from shop.catalog.facets.view import Branch, View
from shop.catalog.models import CategoryPage

logger = logging.getLogger(__name__)

# From this many products on, an index that has to be built anew is built beside the visitors; they see the old one.
BACKGROUND_FROM = 5_000
# Seconds after which an index is built anew even if nobody says that it has to be, and between two attempts.
OLDEST, PAUSE = 3 * 3600.0, 30.0
# Due price changes that a visitor waits for.
DUE_MOST = 100


class Current:
    """The view, how far it has read, and who is building the next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._building = threading.Event()
        self._view: View | None = None
        self._position: Position | None = None
        self._built = self._tried = 0.0
        # Something has changed that only the next index will know.
        self._outdated = False

    def get(self) -> View:
        """One query where nothing has changed. The first caller of a process builds the index and waits for it."""
        with self._lock:
            if self._view is None or self._position is None:
                self._take(*build())
            else:
                self._update(self._view, self._position)
            assert self._view is not None  # noqa: S101  (for mypy: _take has just set it)
            return self._view

    def reset(self) -> None:
        """Forget everything, as after a start."""
        with self._lock:
            self._view = self._position = None
            self._built = self._tried = 0.0

    def _take(self, view: View, position: Position) -> None:
        self._view, self._position = view, position
        self._built, self._outdated = time.monotonic(), False

    def _update(self, view: View, position: Position) -> None:
        refresh_due_prices(view)
        changes = position.read()
        self._outdated |= (
            len(view.recent) > PRODUCTS_MOST
            or time.monotonic() - self._built > OLDEST
            or (changes is not None and changes.everything)
        )
        if self._outdated and view.segments[0].size < BACKGROUND_FROM:
            self._take(*build())
            return
        # What has a name is seen at once, also while the rest is being built.
        if changes is not None and len(ids := changes.products) <= PRODUCTS_MOST and (ids or changes.tree):
            self._view = view.changed(ids, records(ids), branches() if changes.tree else None)
        if self._outdated:
            self._build_beside()

    def _build_beside(self) -> None:
        now = time.monotonic()
        if self._building.is_set() or (self._tried and now - self._tried < PAUSE):
            return
        self._tried = now
        self._building.set()
        threading.Thread(target=self._build_and_take, name="facets", daemon=True).start()

    def _build_and_take(self) -> None:
        try:
            view, position = build()
            with self._lock:
                self._take(view, position)
        except Exception:
            logger.exception("The index of facets could not be built; the old one stays for now.")
        finally:
            self._building.clear()
            connections.close_all()


def build() -> tuple[View, Position]:
    """The index of everything as it is now."""
    started = time.perf_counter()
    position = Position()
    view = View.of(records(), branches())
    logger.debug("%d products indexed in %.2f s", view.segments[0].size, time.perf_counter() - started)
    return view, position


def branches() -> list[Branch]:
    """All live public categories, in the order of the tree; one query."""
    found = public(CategoryPage.objects.live()).order_by("path")
    return [Branch(*row) for row in found.values_list("path", "slug", "title")]


def refresh_due_prices(view: View) -> None:
    """Prices that change by their date change in listings too, also where nobody looks at the product."""
    from shop.catalog import listing

    if view.stale_at is not None and view.stale_at <= time.time():
        listing.refresh_due(at_most=DUE_MOST)


_current = Current()


def current() -> View:
    """The catalogue as of now; see ``Current.get``."""
    return _current.get()


def warm(*, wait: float) -> None:
    """Build this process's index before anybody asks for it; comes back after ``wait`` seconds at the latest.

    What takes longer goes on beside the visitors, and a database that is away is left to the first of them.
    """
    thread = threading.Thread(target=_warm, name="facets", daemon=True)
    thread.start()
    thread.join(wait)


def _warm() -> None:
    try:
        _current.get()
    except Exception:
        logger.exception("The index of facets could not be built yet; the first listing will try again.")
    finally:
        connections.close_all()


def reset() -> None:
    """Forget this process's index. For tests, whose database goes back in time."""
    _current.reset()
