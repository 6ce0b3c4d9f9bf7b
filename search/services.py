"""Keeping the index in step with the shop. Everything here may run twice, and for things that are gone."""

from collections.abc import Callable, Collection, Iterable, Sequence

from wagtail.models import Page

from search import gathering, indexing
from search.documents import Document
from search.models import SearchDocument
from search.sources import BRANDS, CATEGORIES, PRODUCTS, page_sections, sources
from shop.catalog.models import Brand

Gather = Callable[[Collection[int]], list[Document]]


def index_products(*, product_ids: Collection[int]) -> int:
    """Write the documents of these products, take out those that are gone or private; gives how many were written.

    Categories and brands that came with them are written as well.
    """
    if PRODUCTS not in sources():
        return 0
    written = _index(PRODUCTS, product_ids, gathering.product_documents)
    if written:
        categories, brands = gathering.surroundings(product_ids)
        index_pages(page_ids=categories - _indexed(CATEGORIES, categories))
        index_brands(brand_ids=brands - _indexed(BRANDS, brands))
        indexing.recount_if_due()
    return written


def index_pages(*, page_ids: Collection[int]) -> int:
    """The same for other pages; gives how many were written."""
    if not page_ids:
        return 0
    documents = gathering.page_documents(page_ids)
    for section in page_sections():
        found = {document.object_id for document in documents if document.section == section}
        indexing.remove(section=section, object_ids=set(page_ids) - found)
    return indexing.write(documents)


def index_brands(*, brand_ids: Collection[int]) -> int:
    """The same for brands."""
    return _index(BRANDS, brand_ids, gathering.brand_documents)


def index_below(*, path: str) -> int:
    """The same for all pages at a place of the tree and below it, except products, which say it themselves."""
    models = list(page_sections().values())
    ids = [pk for model in models for pk in model.objects.filter(path__startswith=path).values_list("pk", flat=True)]
    return sum(index_pages(page_ids=batch) for batch in _batches(ids))


def forget_pages(*, page_ids: Collection[int]) -> None:
    """Take out pages that have been deleted."""
    for section in (PRODUCTS, *page_sections()):
        indexing.remove(section=section, object_ids=page_ids)


def rebuild() -> dict[str, tuple[int, int]]:
    """Write everything that is not in the index as it should be; gives section -> (documents, of these written)."""
    report = {}
    sections: dict[str, tuple[Iterable[int], Gather]] = {
        section: (_live(model), gathering.page_documents) for section, model in page_sections().items()
    }
    if PRODUCTS in (found := sources()):
        sections[PRODUCTS] = (_live(found[PRODUCTS]), gathering.product_documents)
    sections[BRANDS] = (Brand.objects.filter(live=True).values_list("pk", flat=True), gathering.brand_documents)
    for section, (ids, gather) in sections.items():
        ids = list(ids)
        written = sum(_index(section, batch, gather) for batch in _batches(ids))
        indexing.prune(section=section, keep=ids)
        report[section] = (SearchDocument.objects.filter(section=section).count(), written)
    indexing.drop_sections(keep=sections)
    indexing.recount()
    indexing.tidy()
    return report


def _live(model: type[Page]) -> Iterable[int]:
    ids: Iterable[int] = model.objects.live().order_by("pk").values_list("pk", flat=True)
    return ids


def _index(section: str, object_ids: Collection[int], gather: Gather) -> int:
    if not object_ids:
        return 0
    documents = [document for document in gather(object_ids) if document.section == section]
    indexing.remove(section=section, object_ids=set(object_ids) - {document.object_id for document in documents})
    return indexing.write(documents)


def _indexed(section: str, object_ids: Collection[int]) -> set[int]:
    rows = SearchDocument.objects.filter(section=section, object_id__in=object_ids)
    return set(rows.values_list("object_id", flat=True))


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + indexing.BATCH] for start in range(0, len(ids), indexing.BATCH))
