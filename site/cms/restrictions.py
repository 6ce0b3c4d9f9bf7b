"""Which parts of the tree are private, without a query per page."""

from typing import TypeVar

from django.db.models import QuerySet
from wagtail.models import Page, PageViewRestriction

from cms.remembered import Remembered

P = TypeVar("P", bound=Page)

_remembered: Remembered[list[str]] = Remembered("restrictions")


def _paths() -> list[str]:
    """Paths of the restricted pages and of their aliases, which are as private as what they mirror."""
    new = set(PageViewRestriction.objects.values_list("page_id", flat=True))
    found: set[int] = set()
    while new:
        found |= new
        new = set(Page.objects.filter(alias_of__in=new).values_list("pk", flat=True)) - found
    return list(Page.objects.filter(pk__in=found).values_list("path", flat=True)) if found else []


def may_apply(path: str) -> bool:
    """Whether a page or one above it is restricted. ``path`` is treebeard's."""
    return any(path.startswith(restricted) for restricted in _remembered.get("paths", _paths))


def public(pages: "QuerySet[P]") -> "QuerySet[P]":
    """Without the pages that are restricted, themselves or by one above them; no query once warm."""
    for restricted in _remembered.get("paths", _paths):
        pages = pages.exclude(path__startswith=restricted)
    return pages


def forget_restrictions() -> None:
    """Read them again once this transaction is committed."""
    _remembered.forget()
