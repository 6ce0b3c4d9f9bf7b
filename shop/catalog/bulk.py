"""Writing many pages at once: what Wagtail does for one page, done for hundreds with a few queries.

A page that goes through ``add_child`` and ``publish`` costs about 100 ms and more the larger the site is. Here the
tree, the rows of both tables, the search index and the reference index are written directly. Tests hold the result
against what Wagtail itself would have written (``shop/catalog/tests/test_bulk.py``).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page

from shop.catalog.locks import lock_pages
from shop.catalog.models import Brand, CategoryPage
from shop.catalog.offers import BATCH
from shop.catalog.signals import announce


class ParentGone(RuntimeError):
    """A page below which children were to be added does not exist any more."""


# A parent: the id of a page in the database, or a page that is added in the same call, before its children.
Parent: TypeAlias = int | Page


@transaction.atomic
def add_pages(placements: Sequence[tuple[Parent, Page]]) -> None:
    """Append unsaved pages of any types to their parents, in this order.

    Slugs must be set and free (see ``free_slugs``). Live pages count as published now; no revision is made: Wagtail
    makes the first one when an editor saves. The search index is left to ``index_for_search``. Raises ParentGone.
    """
    wanted = {parent for parent, _ in placements if isinstance(parent, int)}
    parents: dict[int, Page] = lock_pages(wanted)
    if missing := wanted - set(parents):
        raise ParentGone(f"Page {min(missing)} has been deleted.")
    steps = _last_steps(parents)
    now = timezone.now()
    added: Counter[int] = Counter()
    for parent, page in placements:
        if isinstance(parent, int):
            added[parent] += 1
            _place(page, parents[parent], steps[parent] + added[parent], now)
        else:
            parent.numchild += 1
            _place(page, parent, parent.numchild, now)
    _insert([page for _, page in placements])
    _count_children(added)
    if any(isinstance(page, CategoryPage) for _, page in placements):
        announce((), tree=True)


def _place(page: Page, parent: Page, step: int, now: datetime) -> None:
    """Fill in what follows from a page's place in the tree."""
    page.path = Page._get_path(parent.path, parent.depth + 1, step)
    page.depth, page.numchild = parent.depth + 1, 0
    page.url_path = f"{parent.url_path}{page.slug}/"
    page.locale_id = parent.locale_id
    page.draft_title = page.title
    if page.live:
        page.first_published_at = page.first_published_at or now
        page.last_published_at = page.last_published_at or now


def _last_steps(parents: Mapping[int, Page]) -> dict[int, int]:
    """For each parent the number of its last child in treebeard's count, 0 without children."""
    steps = dict.fromkeys(parents, 0)
    # The last path that starts with the parent's is the last child, or below it: one look at the index each.
    below = (
        Page.objects.filter(path__gt=OuterRef("path"), path__lte=Concat(OuterRef("path"), Value("Z" * Page.steplen)))
        .order_by("-path")
        .values("path")[:1]
    )
    ids = [pk for pk, parent in parents.items() if parent.numchild]
    for start in range(0, len(ids), BATCH):
        rows = Page.objects.filter(pk__in=ids[start : start + BATCH]).order_by().annotate(last=Subquery(below))
        for pk, last in rows.values_list("pk", "last"):
            if last:
                length = len(parents[pk].path)
                steps[pk] = Page._str2int(last[length : length + Page.steplen])
    return steps


def _insert(pages: Sequence[Page]) -> None:
    """Rows of the page table, then of each type's own table. Django's ``bulk_create`` refuses the second step."""
    shared = [field for field in Page._meta.local_concrete_fields if not field.primary_key]
    ids = Page._base_manager.all()._batched_insert(pages, fields=shared, batch_size=None)
    by_type: dict[type[Page], list[Page]] = defaultdict(list)
    for page, (pk, *_) in zip(pages, ids, strict=True):
        page.pk = page.id = pk
        page._state.adding, page._state.db = False, DEFAULT_DB_ALIAS
        by_type[type(page)].append(page)
    for model, rows in by_type.items():
        model._base_manager.all()._batched_insert(rows, fields=model._meta.local_concrete_fields, batch_size=None)


def _count_children(added: Mapping[int, int]) -> None:
    """At 0 treebeard would hide the children."""
    by_number: dict[int, list[int]] = defaultdict(list)
    for parent_id, number in added.items():
        by_number[number].append(parent_id)
    for number, ids in by_number.items():
        for start in range(0, len(ids), BATCH):
            Page.objects.filter(pk__in=ids[start : start + BATCH]).update(numchild=F("numchild") + number)


def free_slugs(wanted: Sequence[tuple[Hashable, str]]) -> list[str]:
    """For each parent and slug, that slug, or the first of ``slug-2``, ``slug-3`` that no page there has.

    A parent is a page id, or anything else that stands for a page not yet added. The same slug twice below one parent
    is told apart as well.
    """
    ids = {parent for parent, _ in wanted if isinstance(parent, int)}
    paths = dict(Page.objects.filter(pk__in=ids).values_list("pk", "path"))
    taken = _slugs_below({path: pk for pk, path in paths.items()}, {slug for _, slug in wanted})
    given: list[str] = []
    for parent, slug in wanted:
        free, number, siblings = slug, 1, None
        while (parent, free) in taken or (siblings and free in siblings):
            if siblings is None and isinstance(parent, int):
                siblings = _siblings(paths[parent], slug)
            number += 1
            free = numbered(slug, number)
        taken.add((parent, free))
        given.append(free)
    return given


def _siblings(parent_path: str, slug: str) -> set[str]:
    """Numbered forms of a slug below a parent."""
    below = Page.objects.filter(path__range=Page._get_children_path_interval(parent_path))
    return set(below.filter(slug__startswith=f"{slug[:200]}").values_list("slug", flat=True))


def _slugs_below(parents: Mapping[str, int], slugs: Collection[str]) -> set[tuple[Hashable, str]]:
    taken: set[tuple[Hashable, str]] = set()
    wanted = sorted(slugs)
    for start in range(0, len(wanted), BATCH):
        rows = Page.objects.filter(slug__in=wanted[start : start + BATCH]).values_list("path", "slug")
        for path, slug in rows:
            parent = parents.get(path[: -Page.steplen])
            if parent is not None:
                taken.add((parent, slug))
    return taken


def numbered(slug: str, number: int, limit: int = 255) -> str:
    """``slug-2``, within a length."""
    tail = f"-{number}"
    return f"{slug[: limit - len(tail)].rstrip('-')}{tail}"


@transaction.atomic
def ensure_brands(names: Iterable[str]) -> tuple[dict[str, Brand], list[Brand]]:
    """The brands of these names, made where the shop has none. Upper and lower case are the same brand.

    Gives case-folded name -> brand, and those that were made (not yet in the search index).
    """
    wanted = {name.casefold(): name for name in reversed(list(names)) if name}
    if not wanted:
        return {}, []
    slugs = {folded: slugify(name, allow_unicode=True)[:130] or "brand" for folded, name in wanted.items()}
    # Databases fold fewer letters than Python does, so exact names and slugs are asked for as well.
    candidates = Brand.objects.alias(lower=Lower("name")).filter(
        Q(lower__in=wanted) | Q(name__in=wanted.values()) | Q(slug__in=slugs.values())
    )
    found = {brand.name.casefold(): brand for brand in candidates if brand.name.casefold() in wanted}
    missing = [folded for folded in wanted if folded not in found]
    if missing:
        taken = {brand.slug for brand in candidates}
        now = timezone.now()
        new = []
        for folded in reversed(missing):
            slug, number = slugs[folded], 1
            while slug in taken or (number > 1 and Brand.objects.filter(slug=slug).exists()):
                number += 1
                slug = numbered(slugs[folded], number, 140)
            taken.add(slug)
            new.append(Brand(name=wanted[folded], slug=slug, first_published_at=now, last_published_at=now))
        Brand.objects.bulk_create(new)
        found |= {brand.name.casefold(): brand for brand in new}
        return found, new
    return found, []
