"""Which rows of a run are shown, counted and chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from shop.imports.models import ImportRow, ImportRun, WantedPicture
from shop.imports.problems import Kind
from shop.imports.runs import changes

State, Outcome = ImportRow.State, ImportRow.Outcome
ROWS_PER_PAGE = 50
# Changes and problems of one row that are shown.
CHANGES_MOST = 40
PICTURES_NAMED = 20

FILTERS: dict[str, tuple[str, Q]] = {
    "all": ("All", Q()),
    "new": ("New", Q(outcome=Outcome.NEW)),
    "changed": ("Changed", Q(outcome=Outcome.CHANGED)),
    "unchanged": ("Unchanged", Q(outcome=Outcome.UNCHANGED)),
    "refused": ("Refused", Q(outcome=Outcome.REFUSED)),
    "out": ("Left out by you", Q(accepted=False) & ~Q(outcome=Outcome.REFUSED)),
    "left": ("Not applied, or kept", Q(state__in=[State.STALE, State.FAILED, State.KEPT]) | ~Q(reason="")),
}
# What somebody can accept or leave out.
OPEN = Q(outcome__in=[Outcome.NEW, Outcome.CHANGED], state=State.WAITING, continued=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow the rows, with how many it leaves."""

    name: str
    label: str
    count: int
    current: bool


def filters(run: ImportRun, current: str) -> list[Filter]:
    """Every filter with its count; one query."""
    counts = run.rows.aggregate(**{f"f_{name}": Count("pk", filter=which) for name, (_, which) in FILTERS.items()})
    return [Filter(name, label, counts[f"f_{name}"], name == current) for name, (label, _) in FILTERS.items()]


def rows(run: ImportRun, *, show: str, query: str) -> "QuerySet[ImportRow]":
    """The rows of one filter whose title or key has the words."""
    found = run.rows.filter(FILTERS.get(show, FILTERS["all"])[1])
    if words := query.replace("\0", "").strip()[:100]:
        found = found.filter(Q(title__icontains=words) | Q(key__icontains=words))
    return found.order_by("line", "number")


def in_words(page: Sequence[ImportRow]) -> list[dict[str, Any]]:
    """Rows with their changes and problems as people read them."""
    return [
        {
            "row": row,
            "open": row.outcome in (Outcome.NEW, Outcome.CHANGED) and row.state == State.WAITING and not row.continued,
            "changes": list(changes.shown(row.changes[:CHANGES_MOST])),
            "more_changes": max(len(row.changes) - CHANGES_MOST, 0),
            "problems": problems(row.problems[:CHANGES_MOST]),
        }
        for row in page
    ]


def problems(stored: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Stored problems with their reasons; one of a kind that is known no longer is left out."""
    return [
        {
            "line": line,
            "severity": Kind[name].severity.value,
            "text": f"{detail}: {Kind[name].reason}" if detail else Kind[name].reason,
        }
        for line, name, detail in stored
        if name in Kind.__members__
    ]


def accept(run: ImportRun, *, shown: Sequence[int], chosen: Sequence[int]) -> None:
    """Take note of the boxes of one page: ``shown`` rows of which ``chosen`` are ticked."""
    on_page = run.rows.filter(OPEN, pk__in=shown)
    on_page.filter(pk__in=chosen).update(accepted=True)
    on_page.exclude(pk__in=chosen).update(accepted=False)


def accept_all(run: ImportRun, *, accepted: bool, show: str, query: str) -> int:
    """Accept, or leave out, everything that a filter leaves; gives how many rows."""
    ids = rows(run, show=show, query=query).order_by().filter(OPEN).values("pk")
    return ImportRow.objects.filter(pk__in=ids).update(accepted=accepted)


def pictures(run: ImportRun) -> dict[str, Any]:
    """How many of the run's pictures are done, wait and failed, and why the first of those did; empty without any."""
    if not run.pictures:
        return {}
    own = WantedPicture.objects.filter(run=run)
    counts = dict(own.order_by().values_list("state").annotate(number=Count("pk")))
    failed = own.filter(state=WantedPicture.State.FAILED).order_by("pk")[:PICTURES_NAMED]
    return {**{name: counts.get(name, 0) for name in WantedPicture.State.values}, "reasons": list(failed)}
