"""Background work of the search: takes ids, may run twice."""

from django_tasks import task

from search import services


@task()
def index_products(product_ids: list[int]) -> None:
    """Bring the documents of these products up to date."""
    services.index_products(product_ids=product_ids)


@task()
def index_pages(page_ids: list[int]) -> None:
    """Bring the documents of these pages up to date."""
    services.index_pages(page_ids=page_ids)


@task()
def index_below(path: str) -> None:
    """Bring the documents of all pages at a place of the tree up to date."""
    services.index_below(path=path)


@task()
def index_brands(brand_ids: list[int]) -> None:
    """Bring the documents of these brands up to date."""
    services.index_brands(brand_ids=brand_ids)
