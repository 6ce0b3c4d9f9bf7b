"""Counting what is asked. A search never fails because of it."""

import logging
import re
from datetime import timedelta

from django.core.cache import caches
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, F
from django.utils import timezone

from search.models import LoggedQuery, QueryDay, SearchSettings

logger = logging.getLogger(__name__)

# Longer ones are no search but something pasted.
LONGEST = 80
# Days that are kept for the reports; a query that nobody has asked for as long is forgotten altogether.
KEPT_DAYS = 90
# Different queries that are counted: beyond that somebody is making them up.
QUERIES_MOST = 200_000
# Offered to others after so many have asked.
SUGGESTED_AFTER = 3
# What may say something about a person: addresses, numbers of telephones, cards and orders.
_PERSONAL = re.compile(r"@|(?:\d[ \-./]?){7,}")


def loggable(query: str) -> bool:
    """Whether a query may be kept."""
    return 0 < len(query) <= LONGEST and not _PERSONAL.search(query)


def log_search(*, query: str, found: int, exact: int) -> None:
    """Count a cleaned query: ``found`` results of any kind, and ``exact`` products that had all words."""
    query = query.casefold()
    if not loggable(query):
        return
    today = timezone.localdate()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_loggedquery SET searches = searches + 1, found = %s, last_asked = %s"
                " WHERE query = %s RETURNING id",
                [exact, today, query],
            )
            row = cursor.fetchone()
            if row is None and not _is_full():
                cursor.execute(
                    "INSERT INTO search_loggedquery (query, searches, clicks, found, last_asked, suggested)"
                    " VALUES (%s, 1, 0, %s, %s, %s)"
                    " ON CONFLICT (query) DO UPDATE SET searches = search_loggedquery.searches + 1 RETURNING id",
                    [query, exact, today, True],
                )
                row = cursor.fetchone()
            if row:
                cursor.execute(
                    "INSERT INTO search_queryday (query_id, day, searches, empty, clicks) VALUES (%s, %s, 1, %s, 0)"
                    " ON CONFLICT (query_id, day) DO UPDATE SET searches = search_queryday.searches + 1,"
                    " empty = search_queryday.empty + EXCLUDED.empty",
                    [row[0], today, int(not found)],
                )
    except DatabaseError:
        logger.exception("A search could not be counted.")


def _is_full() -> bool:
    """Whether more queries are kept than people have typed; counted once a minute."""
    full = caches["default"].get_or_set(
        "search:log-full", lambda: LoggedQuery.objects.count() >= QUERIES_MOST, timeout=60
    )
    return bool(full)


def log_click(*, query: str) -> None:
    """Count that a result of a query was followed; one that nobody has asked is ignored."""
    query = query.casefold()
    try:
        with transaction.atomic():
            if LoggedQuery.objects.filter(query=query, searches__gt=F("clicks")).update(clicks=F("clicks") + 1):
                days = QueryDay.objects.filter(query__query=query, day=timezone.localdate())
                days.update(clicks=F("clicks") + 1)
    except DatabaseError:
        logger.exception("A followed result could not be counted.")


def past_queries(*, beginning: str, limit: int) -> list[str]:
    """What others have asked that begins like this and found something, most asked first. One query."""
    beginning = beginning.casefold()
    if not beginning:
        return []
    asked = LoggedQuery.objects.filter(suggested=True, searches__gte=SUGGESTED_AFTER, found__gt=0)
    asked = asked.exclude(Exists(SearchSettings.objects.filter(suggest_queries=False)))
    found = asked.filter(query__startswith=beginning).exclude(query=beginning).order_by("-searches", "query")
    return list(found.values_list("query", flat=True)[:limit])


def prune() -> int:
    """Forget what is older than the reports show; gives how many queries were forgotten."""
    oldest = timezone.localdate() - timedelta(days=KEPT_DAYS)
    QueryDay.objects.filter(day__lt=oldest).delete()
    gone, _ = LoggedQuery.objects.filter(last_asked__lt=oldest).delete()
    return gone
