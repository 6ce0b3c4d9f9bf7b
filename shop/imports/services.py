"""Importing a product file into the shop."""

import gc
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from wagtail.models import Page

from cms.selectors import shop_currency
from shop.catalog.attributes import definitions
from shop.catalog.bulk import ParentGone
from shop.imports.batches import batches
from shop.imports.categories import CategoryTree, find_category, root_category
from shop.imports.dialects import Dialect, dialect_for
from shop.imports.drafts import ProductDraft
from shop.imports.files import ProductFile, open_file
from shop.imports.planning import Plan, Planner
from shop.imports.problems import Kind, Problem, ProblemTally, Severity
from shop.imports.writing import Writer, Written

logger = logging.getLogger(__name__)

# How often a batch is tried when somebody else changed the same rows at the same moment.
ATTEMPTS = 3
# Objects between two looks for cyclic garbage; a sixth of an import's time went into looking.
COLLECT_AFTER = (50_000, 20, 20)
# From this many written products on, the database's statistics are out of date.
ANALYZE_FROM = 500
ANALYZED_TABLES = (
    "wagtailcore_page",
    "catalog_productpage",
    "catalog_variant",
    "catalog_listingrow",
    "pricing_price",
    "inventory_stockitem",
    "wagtailsearch_indexentry",
    "imports_importedproduct",
)


class Outcome(Enum):
    """What became of a product of the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True)
class ImportSummary:
    """What an import has done, or in a dry run would do."""

    file: str
    dialect: str
    parent: str
    dry_run: bool
    products: Counter[Outcome] = field(default_factory=Counter)
    variants: int = 0  # read
    new_variants: int = 0
    categories: int = 0
    brands: int = 0
    images: int = 0  # named by address, not fetched
    problems: ProblemTally = field(default_factory=ProblemTally)

    @property
    def complete(self) -> bool:
        """Whether everything in the file is in the shop."""
        return not self.problems.total(Severity.REFUSED)


Progress = Callable[[float, int], None]  # part of the file read (0 to 1), products so far
Listener = Callable[[Problem], None]


def import_products(
    *,
    path: Path,
    parent: str = "",
    dry_run: bool = False,
    overwrite: bool = False,
    user: Any = None,
    pictures: bool = False,
    on_progress: Progress | None = None,
    on_problem: Listener | None = None,
) -> ImportSummary:
    """Bring a product file into the shop below a category (slug, title or address; default: the shop's own).

    Each batch is one transaction: an interrupted import leaves whole products and can be run again. What the file
    says for the second time changes nothing, so people's changes in the shop stay, unless ``overwrite``.
    With ``pictures`` those that the file names are noted, to be had by ``pictures.supply`` afterwards.
    ``on_problem`` hears of every problem; the summary keeps counts and the first few of each kind.
    Raises UnreadableFile or NoCategory before anything is written.
    """
    with open_file(path) as file:
        currency = shop_currency()
        dialect = dialect_for(file.headers, currency=currency, attributes=definitions().attributes)
        scope = find_category(parent) if parent else root_category(create=not dry_run)
        run = _Run(file, dialect, scope, currency, dry_run=dry_run, overwrite=overwrite, user=user)
        run.on_progress, run.on_problem, run.pictures = on_progress, on_problem, pictures
        return run.execute()


class _Run:
    """One import from beginning to end. What it remembers grows by about 200 bytes per product."""

    on_progress: Progress | None = None
    on_problem: Listener | None = None
    pictures = False

    def __init__(
        self,
        file: ProductFile,
        dialect: Dialect,
        scope: Page | None,
        currency: str,
        *,
        dry_run: bool,
        overwrite: bool,
        user: Any,
    ) -> None:
        self._file, self._dialect, self._dry_run = file, dialect, dry_run
        self._tree = CategoryTree(scope)
        self._planner = Planner(source=dialect.name, tree=self._tree, currency=currency, overwrite=overwrite)
        self._writer = Writer(source=dialect.name, tree=self._tree, currency=currency, label=file.path.name, user=user)
        self._statistics = Statistics()
        self._outcomes: dict[str, Outcome] = {}  # by draft key
        self._claimed: dict[int, str] = {}  # product id -> the key of the draft that is about it
        self._planned_categories: set[tuple[str, ...]] = set()  # dry run
        self.summary = ImportSummary(file.path.name, dialect.label, scope.title if scope else "", dry_run)

    def execute(self) -> ImportSummary:
        with seldom_collected():
            for batch in self._batches():
                self._import(batch)
                if not self._dry_run:
                    self._statistics.written(len(batch))
                if self.on_progress:
                    self.on_progress(self._file.progress, len(self._outcomes))
        self.summary.products = Counter(self._outcomes.values())
        if not self._dry_run:
            self._finish()
        return self.summary

    def _batches(self) -> Iterator[list[ProductDraft]]:
        """Drafts with different keys, few enough for one transaction."""
        for found, batch in batches(self._dialect, self._file, pictures=self.pictures):
            for problem in found:
                self._tell(problem)
            for item in batch:
                for problem in item.problems:
                    self._tell(problem)
                self.summary.images += item.images
                self.summary.variants += len(item.variants)
            if batch:
                yield batch

    def _import(self, drafts: Sequence[ProductDraft]) -> None:
        if self._dry_run:
            # The first part of a product that would be new is not there to be continued.
            drafts = [d for d in drafts if not (d.continued and self._outcomes.get(d.key) is Outcome.NEW)]
            plan = self._planner.plan(drafts, claimed=self._claimed)
            self._would_write(plan)
            self._settle(plan, Written())
            return
        try:
            plan, written = self._write(drafts)
        except (DatabaseError, ParentGone) as error:
            self._tree.forget()
            if len(drafts) > 1:
                # One product spoils the batch: find it by halves, so that the others go in.
                middle = len(drafts) // 2
                self._import(drafts[:middle])
                self._import(drafts[middle:])
                return
            if isinstance(error, OperationalError):
                raise  # the database is gone or locked; no product is to blame
            logger.warning("The database refused %s.", drafts[0].key, exc_info=True)
            self._tell(Problem(drafts[0].line, Kind.REFUSED_BY_DATABASE, f"{drafts[0].key}, {_first_line(error)}"))
            self._outcomes.setdefault(drafts[0].key, Outcome.REFUSED)
            return
        self._settle(plan, written)

    def _write(self, drafts: Sequence[ProductDraft]) -> tuple[Plan, Written]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    plan = self._planner.plan(drafts, claimed=self._claimed)
                    return plan, self._writer.write(plan)
            except (IntegrityError, ParentGone):
                # Somebody made the same page, brand or SKU in between: look again.
                self._tree.forget()
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _settle(self, plan: Plan, written: Written) -> None:
        """Take note of a batch that is in."""
        for problem in [*plan.problems, *written.problems]:
            self._tell(problem)
        self.summary.categories += written.categories
        self.summary.brands += written.brands
        self.summary.new_variants += written.variants
        for creation in plan.creations:
            self._outcomes[creation.draft.key] = Outcome.NEW
        for update in plan.updates:
            if update.changes_shop:
                # A product that is new in this run stays so when the file comes back to it.
                if self._outcomes.get(update.draft.key) is not Outcome.NEW:
                    self._outcomes[update.draft.key] = Outcome.CHANGED
            else:
                self._outcomes.setdefault(update.draft.key, Outcome.UNCHANGED)
        for draft in plan.unchanged:
            self._outcomes.setdefault(draft.key, Outcome.UNCHANGED)
        for draft in plan.refused:
            self._outcomes.setdefault(draft.key, Outcome.REFUSED)
        self._claimed |= {pk: key for key, pk in {**plan.products, **written.products}.items()}

    def _would_write(self, plan: Plan) -> None:
        missing = self._tree.find([creation.category for creation in plan.creations])
        self._planned_categories |= {tuple(title.casefold() for title in path) for path in missing}
        self.summary.categories = len(self._planned_categories)
        self.summary.new_variants += sum(len(creation.draft.variants) for creation in plan.creations)
        self.summary.new_variants += sum(len(update.new_variants) for update in plan.updates)

    def _tell(self, problem: Problem) -> None:
        self.summary.problems.add(problem)
        if self.on_problem:
            self.on_problem(problem)

    def _finish(self) -> None:
        made = self.summary.products[Outcome.NEW] + self.summary.products[Outcome.CHANGED]
        if made >= ANALYZE_FROM:
            refresh_statistics()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for cyclic garbage less often: a batch makes many objects, and none of them is garbage."""
    before = gc.get_threshold()
    gc.set_threshold(*COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Statistics:
    """Keeps the database's planner up to date while its tables grow, each time they have doubled.

    Without, every batch of a long import into an empty shop is planned for empty tables.
    """

    def __init__(self) -> None:
        self._written, self._due = 0, 2 * ANALYZE_FROM

    def written(self, products: int) -> None:
        """So many more products are in; outside a transaction."""
        self._written += products
        if self._written >= self._due:
            self._due = 2 * self._written
            refresh_statistics()


def refresh_statistics() -> None:
    """Tell the database's planner that its tables have grown."""
    with connection.cursor() as cursor:
        for table in ANALYZED_TABLES:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
