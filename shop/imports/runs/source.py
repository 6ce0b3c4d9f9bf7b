"""The file of a run, opened as its dialect."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db.models.fields.files import FieldFile
from wagtail.models import Page

from cms.selectors import shop_currency
from shop.catalog.attributes import definitions
from shop.imports.categories import CategoryTree, root_category
from shop.imports.dialects import Dialect, dialect_for
from shop.imports.files import ProductFile, open_file
from shop.imports.models import ImportRun
from shop.imports.planning import Planner


@dataclass(frozen=True, slots=True)
class Source:
    """What every step of a run works with."""

    file: ProductFile
    dialect: Dialect
    tree: CategoryTree
    planner: Planner
    currency: str


@contextmanager
def opened(run: ImportRun, *, create: bool) -> Iterator[Source]:
    """The run's file, to be read once. ``create``: whether a shop without any category gets one.

    Raises UnreadableFile or NoCategory.
    """
    with ExitStack() as stack:
        path = stack.enter_context(local(run.file))
        file = stack.enter_context(open_file(path))
        currency = shop_currency()
        dialect = dialect_for(file.headers, currency=currency, attributes=definitions().attributes)
        scope: Page | None = run.category or root_category(create=create)
        tree = CategoryTree(scope)
        planner = Planner(source=dialect.name, tree=tree, currency=currency, overwrite=run.overwrite)
        yield Source(file, dialect, tree, planner, currency)


@contextmanager
def local(file: FieldFile) -> Iterator[Path]:
    """A stored file as a path on this machine, wherever it is kept."""
    try:
        yield Path(file.path)
    except NotImplementedError:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(str(file.name)).name
            with file.open("rb") as kept, path.open("wb") as copy:
                shutil.copyfileobj(kept, copy)
            yield path
