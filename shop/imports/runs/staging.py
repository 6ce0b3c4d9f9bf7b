"""First step of a run: compare the whole file with the shop and keep what would change. Writes nothing else."""

from collections.abc import Sequence

from django.db import transaction

from shop.imports.batches import batches
from shop.imports.drafts import ProductDraft
from shop.imports.models import ImportRow, ImportRun
from shop.imports.planning import Plan
from shop.imports.problems import Problem, Severity
from shop.imports.runs import changes, control
from shop.imports.runs.price_limits import PriceLimit
from shop.imports.runs.source import Source, opened

Outcome = ImportRow.Outcome
# Rows that belong to no product are numbered from here on.
UNNAMED_FROM = 1_000_000_000
NOTES_MOST = 200
UNNAMED_MOST = 10_000


def compare(run: ImportRun) -> None:
    """Fill the run's rows from its file, from the beginning. Raises UnreadableFile, NoCategory, control.Stopped."""
    ImportRow.objects.filter(run=run).delete()
    with opened(run, create=False) as source:
        ImportRun.objects.filter(pk=run.pk).update(dialect=source.dialect.label)
        _Comparison(run, source).execute()
    control.finish(run, state=ImportRun.State.REVIEW, progress=1.0)


class _Comparison:
    def __init__(self, run: ImportRun, source: Source) -> None:
        self._run, self._source = run, source
        self._limit = PriceLimit(run.created_by, source.currency)
        self._claimed: dict[int, str] = {}
        self._new: set[str] = set()  # keys of products that the run would make
        self._number = self._unnamed = 0
        self._notes: list[list[object]] = []

    def execute(self) -> None:
        source = self._source
        for problems, drafts in batches(source.dialect, source.file, pictures=self._run.pictures):
            rows = self._unnamed_rows(problems)
            rows += self._rows(drafts) if drafts else []
            with transaction.atomic():
                control.beat(self._run, progress=source.file.progress)
                ImportRow.objects.bulk_create(rows, batch_size=200)
        ImportRun.objects.filter(pk=self._run.pk).update(notes=self._notes)

    def _rows(self, drafts: Sequence[ProductDraft]) -> list[ImportRow]:
        numbers = {draft.key: number for number, draft in enumerate(drafts, self._number)}
        self._number += len(drafts)
        # The first part of a product that would be new is not there to be compared with.
        later = [draft for draft in drafts if draft.continued and draft.key in self._new]
        plan = self._source.planner.plan([draft for draft in drafts if draft not in later], claimed=self._claimed)
        self._claimed |= {pk: key for key, pk in plan.products.items()}
        plan.problems += self._limit.problems(plan.updates)
        said = _by_product(drafts, plan)
        rows = [self._row(draft, numbers, Outcome.NEW, said, continued=True) for draft in later]
        for creation in plan.creations:
            self._new.add(creation.draft.key)
            row = self._row(creation.draft, numbers, Outcome.NEW, said)
            row.changes = changes.of_creation(creation, self._source.currency)
            rows.append(row)
        for update in plan.updates:
            outcome = Outcome.CHANGED if update.changes_shop else Outcome.UNCHANGED
            row = self._row(update.draft, numbers, outcome, said, product=update.page.pk)
            row.title = update.page.title
            row.changes = changes.of_update(update, self._source.currency)
            rows.append(row)
        known = plan.products
        rows += [self._row(d, numbers, Outcome.UNCHANGED, said, product=known.get(d.key)) for d in plan.unchanged]
        rows += [self._row(d, numbers, Outcome.REFUSED, said, accepted=False) for d in plan.refused]
        return rows

    def _row(
        self,
        draft: ProductDraft,
        numbers: dict[str, int],
        outcome: str,
        said: dict[str, list[list[object]]],
        *,
        product: int | None = None,
        continued: bool = False,
        accepted: bool = True,
    ) -> ImportRow:
        return ImportRow(
            run=self._run,
            number=numbers[draft.key],
            line=draft.line,
            key=draft.key,
            title=(draft.title or draft.key)[:255],
            outcome=outcome,
            product_id=product,
            continued=continued,
            accepted=accepted,
            problems=said.get(draft.key, []),
        )

    def _unnamed_rows(self, problems: Sequence[Problem]) -> list[ImportRow]:
        """Lines that became no product are rows too, so that somebody sees them."""
        rows = []
        for problem in problems:
            if problem.kind.severity is not Severity.REFUSED:
                if len(self._notes) < NOTES_MOST:
                    self._notes.append(_plain(problem))
                continue
            if self._unnamed >= UNNAMED_MOST:
                continue
            rows.append(
                ImportRow(
                    run=self._run,
                    number=UNNAMED_FROM + self._unnamed,
                    line=problem.line,
                    title=f"Line {problem.line}",
                    outcome=Outcome.REFUSED,
                    accepted=False,
                    problems=[_plain(problem)],
                )
            )
            self._unnamed += 1
        return rows


def _by_product(drafts: Sequence[ProductDraft], plan: Plan) -> dict[str, list[list[object]]]:
    """Everything there is to say, by key of the product whose line it is about."""
    lines = {line: draft.key for draft in drafts for line in (draft.line, *(item.line for item in draft.variants))}
    said: dict[str, list[list[object]]] = {}
    for draft in drafts:
        said.setdefault(draft.key, []).extend(map(_plain, draft.problems))
    for problem in plan.problems:
        if key := lines.get(problem.line):
            said[key].append(_plain(problem))
    return said


def _plain(problem: Problem) -> list[object]:
    return [problem.line, problem.kind.name, problem.detail]
