"""Index entries written in one statement are those that Wagtail's writer makes one expression at a time."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from shop.catalog import bulk, bulk_index, postgres_index
from shop.catalog.models import Brand, CategoryPage, ProductPage
from shop.catalog.search_words import SearchWords
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def shop(home_page: Page) -> CategoryPage:
    category: CategoryPage = CategoryPageFactory(title="Shop", slug="shop")
    return category


def entries(model: type[Any]) -> dict[str, dict[str, Any]]:
    """Every entry of a model, by object; taken out of the index."""
    found = IndexEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
    rows = {row.pop("object_id"): row for row in found.values()}
    found.delete()
    for row in rows.values():
        row.pop("id")
        row["body_text"], row["title_text"] = " ".join(row["body_text"].split()), " ".join(row["title_text"].split())
        row["title_norm"] = round(row["title_norm"], 9)
    return rows


class TestAdd:
    def test_many_different_documents_are_what_wagtail_would_write(self, shop: CategoryPage) -> None:
        IndexEntry.objects.all().delete()
        pages = [
            ProductPage(
                title="Harbour lamp, the big one", slug="a", body="<p>Brass</p>", brand=BrandFactory(name="Or")
            ),
            ProductPage(title="Lamp", slug="b", summary="Small lamps", seo_title="A lamp"),
            ProductPage(title="…", slug="c"),
            ProductPage(title="Lámpara 💡 'quoted' 100% \\ {x}", slug="d", body="<p>It's &lt;b&gt;</p>" * 40),
        ]
        bulk.add_pages([(shop.pk, page) for page in pages])
        get_search_backend().add_bulk(ProductPage, pages)
        theirs = entries(ProductPage)
        bulk_index.index_for_search(ProductPage, pages)
        ours = entries(ProductPage)
        assert len(ours) == 4
        assert ours == theirs

    def test_an_entry_is_replaced(self, shop: CategoryPage) -> None:
        brand = BrandFactory(name="Before")
        bulk_index.index_for_search(Brand, [brand])
        brand.name = "After"
        bulk_index.index_for_search(Brand, [brand, brand])
        (entry,) = entries(Brand).values()
        assert entry["body_text"] + entry["title_text"] == "After"

    def test_the_statement_is_one_however_many_documents(
        self, shop: CategoryPage, django_assert_num_queries: Any
    ) -> None:
        pages = [ProductPage(title=f"Lamp {n}", slug=f"lamp-{n}") for n in range(30)]
        bulk.add_pages([(shop.pk, page) for page in pages])
        words = [SearchWords(page) for page in pages]
        ContentType.objects.get_for_model(ProductPage)
        with django_assert_num_queries(1):
            postgres_index.add(get_search_backend(), ProductPage, words)
        with django_assert_num_queries(0):
            postgres_index.add(get_search_backend(), ProductPage, [])

    def test_a_language_of_its_own_is_respected(self, shop: CategoryPage) -> None:
        backend: Any = type(get_search_backend())({"SEARCH_CONFIG": "german"})
        page = ProductPage(title="Häuser", slug="a", body="<p>mit Gärten</p>")
        bulk.add_pages([(shop.pk, page)])
        backend.add_bulk(ProductPage, [page])
        theirs = entries(ProductPage)
        postgres_index.add(backend, ProductPage, [SearchWords(page)])
        assert entries(ProductPage) == theirs
        assert "'haus'" in next(iter(theirs.values()))["title"]
