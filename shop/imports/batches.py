"""Drafts in portions that fit one transaction."""

from collections.abc import Iterator

from shop.imports.dialects import Dialect
from shop.imports.drafts import ProductDraft
from shop.imports.files import ProductFile
from shop.imports.problems import Kind, Problem

# Products, and variants, in one transaction. On SQLite nobody else writes while it runs (well under a second).
BATCH_PRODUCTS = 500
BATCH_VARIANTS = 1_500
BATCH_PROBLEMS = 1_000


def batches(
    dialect: Dialect, file: ProductFile, *, pictures: bool
) -> Iterator[tuple[list[Problem], list[ProductDraft]]]:
    """Problems of the file itself, and drafts with different keys after them. ``pictures``: whether they are wanted."""
    problems: list[Problem] = []
    batch: list[ProductDraft] = []
    variants = 0
    for item in dialect.drafts(file.rows()):
        if isinstance(item, Problem):
            problems.append(item)
            if len(problems) >= BATCH_PROBLEMS:
                yield problems, []
                problems = []
            continue
        _settle_pictures(item, wanted=pictures)
        full = len(batch) >= BATCH_PRODUCTS or variants >= BATCH_VARIANTS
        if full or (item.continued and any(item.key == other.key for other in batch)):
            yield problems, batch
            problems, batch, variants = [], [], 0
        batch.append(item)
        variants += len(item.variants)
    if batch or problems:
        yield problems, batch


def _settle_pictures(draft: ProductDraft, *, wanted: bool) -> None:
    """A run without pictures has heard nothing of them: the next one with pictures finds them new."""
    if wanted:
        draft.problems = [problem for problem in draft.problems if problem.kind is not Kind.IMAGES_NOT_FETCHED]
        return
    draft.pictures = None
    for variant in draft.variants:
        variant.picture = ""
