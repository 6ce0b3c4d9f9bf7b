"""Second step of a run: what was looked at and accepted happens, portion by portion.

A portion and the note that it is done are one transaction. What the shop says differently by now than when somebody
looked is not written: the row is marked, and a new comparison shows it again.
"""

import logging
from typing import Any

from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from shop.catalog.bulk import ParentGone
from shop.imports.batches import batches
from shop.imports.drafts import ProductDraft
from shop.imports.models import ImportedProduct, ImportRow, ImportRun, WantedPicture
from shop.imports.planning import Plan
from shop.imports.runs import changes, control
from shop.imports.runs.price_limits import PriceLimit
from shop.imports.runs.source import Source, opened
from shop.imports.services import ANALYZE_FROM, Statistics, refresh_statistics
from shop.imports.writing import Writer

logger = logging.getLogger(__name__)
Outcome, State = ImportRow.Outcome, ImportRow.State
WRITTEN = ["state", "product", "before", "applied_at", "reason"]
STALE = "The shop has changed since this was compared. Compare the file again."

Chosen = list[tuple[ImportRow, ProductDraft]]


def apply(run: ImportRun) -> None:
    """Write every accepted row that is still waiting. Raises UnreadableFile, NoCategory, control.Stopped."""
    with opened(run, create=True) as source:
        _Application(run, source).execute()
    applied = run.rows.filter(state=State.APPLIED, outcome__in=[Outcome.NEW, Outcome.CHANGED])
    if applied.count() >= ANALYZE_FROM:
        refresh_statistics()
    control.finish(run, state=ImportRun.State.APPLIED, progress=1.0, applied_at=timezone.now())


class _Application:
    def __init__(self, run: ImportRun, source: Source) -> None:
        self._run, self._source = run, source
        user = run.applied_by or run.created_by
        self._limit = PriceLimit(user, source.currency)
        self._writer = Writer(
            source=source.dialect.name,
            tree=source.tree,
            currency=source.currency,
            label=run.file_name,
            user=user,
            publish=run.publish,
        )
        self._statistics = Statistics()
        done = run.rows.filter(state=State.APPLIED, product__isnull=False)
        self._claimed: dict[int, str] = dict(done.values_list("product_id", "key"))

    def execute(self) -> None:
        source, number = self._source, 0
        for _, drafts in batches(source.dialect, source.file, pictures=self._run.pictures):
            waiting = self._run.rows.filter(
                number__gte=number,
                number__lt=number + len(drafts),
                state=State.WAITING,
                accepted=True,
                outcome__in=[Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED],
            )
            rows = {row.number: row for row in waiting}
            chosen = [(rows[place], draft) for place, draft in enumerate(drafts, number) if place in rows]
            number += len(drafts)
            if chosen:
                self._apply(chosen)
                self._statistics.written(len(chosen))

    def _apply(self, chosen: Chosen) -> None:
        try:
            with transaction.atomic():
                self._write(chosen)
        except (DatabaseError, ParentGone) as error:
            self._source.tree.forget()
            if len(chosen) > 1:
                # One product spoils the portion: find it by halves, so that the others go in.
                middle = len(chosen) // 2
                self._apply(chosen[:middle])
                self._apply(chosen[middle:])
                return
            if isinstance(error, OperationalError):
                raise  # the database is gone or locked; no product is to blame
            logger.warning("The database refused %s.", chosen[0][1].key, exc_info=True)
            reason = f"The database refused it: {str(error).strip().partition(chr(10))[0][:200]}"
            self._run.rows.filter(pk=chosen[0][0].pk).update(state=State.FAILED, reason=reason)

    def _write(self, chosen: Chosen) -> None:
        control.beat(self._run, progress=self._source.file.progress)
        rows = {draft.key: row for row, draft in chosen}
        plan = self._source.planner.plan([draft for _, draft in chosen], claimed=self._claimed)
        self._settle_others(plan, rows)
        plan.creations = [one for one in plan.creations if self._as_seen(rows[one.draft.key], Outcome.NEW, one)]
        plan.updates = [one for one in plan.updates if self._as_seen(rows[one.draft.key], Outcome.CHANGED, one)]
        before = _before(plan)
        said = {pk: (one["remembered"] or {}).get("statements", {}) for pk, one in before.items()}
        held = self._limit.hold_back(plan.updates, said)
        written = self._writer.write(plan)
        now = timezone.now()
        for update in plan.updates:
            row = rows[update.draft.key]
            row.product_id = update.page.pk
            if row.continued:
                row.changes = changes.of_update(update, self._source.currency)
            row.before = before[update.page.pk] | {
                "draft": None if self._run.publish else update.page.latest_revision_id
            }
        for creation in plan.creations:
            rows[creation.draft.key].product_id = written.products[creation.draft.key]
        for key in [*(one.draft.key for one in plan.updates), *(one.draft.key for one in plan.creations)]:
            row = rows[key]
            row.state, row.applied_at, row.reason = State.APPLIED, now, ""
        for problem in written.problems:
            for row in rows.values():
                if row.line == problem.line:
                    row.reason = problem.message[:500]
        self._limit.settle(self._run, held, rows)
        ImportRow.objects.bulk_update(rows.values(), WRITTEN, batch_size=200)
        rewritten = [row for row in rows.values() if row.continued or row.key in held.skus]
        ImportRow.objects.bulk_update(rewritten, ["changes"], batch_size=200)
        if self._run.pictures:
            WantedPicture.objects.filter(product__in=[row.product_id for row in rows.values()]).update(run=self._run)
        self._claimed |= {pk: key for key, pk in {**plan.products, **written.products}.items()}

    def _as_seen(self, row: ImportRow, outcome: str, planned: Any) -> bool:
        """Whether a plan is what somebody accepted; else the row is marked."""
        if row.continued:
            return True
        find = changes.of_creation if outcome == Outcome.NEW else changes.of_update
        seen = row.outcome in (outcome, Outcome.UNCHANGED) and find(planned, self._source.currency) == row.changes
        if not seen:
            row.state, row.reason = State.STALE, STALE
        return seen

    def _settle_others(self, plan: Plan, rows: dict[str, ImportRow]) -> None:
        now = timezone.now()
        for draft in plan.unchanged:
            row = rows[draft.key]
            row.state, row.applied_at, row.product_id = State.APPLIED, now, plan.products.get(draft.key)
        for draft in plan.refused:
            lines = {draft.line, *(item.line for item in draft.variants)}
            reasons = [problem.message for problem in plan.problems if problem.line in lines]
            rows[draft.key].state, rows[draft.key].reason = State.FAILED, "; ".join(reasons)[:500]


def _before(plan: Plan) -> dict[int, dict[str, Any]]:
    """What was remembered of the products to be changed, and which revision was their latest."""
    pages = {update.page.pk: update.page.latest_revision_id for update in plan.updates}
    rows = ImportedProduct.objects.filter(pk__in=pages).values_list("product_id", "source", "key", "statements")
    remembered = {pk: {"source": source, "key": key, "statements": said} for pk, source, key, said in rows}
    return {pk: {"remembered": remembered.get(pk), "revision": revision} for pk, revision in pages.items()}
