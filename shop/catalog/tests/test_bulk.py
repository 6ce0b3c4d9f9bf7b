"""Pages written in bulk are what Wagtail would have written one by one."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from shop.catalog import bulk, bulk_index, postgres_index
from shop.catalog.models import Brand, CategoryPage, ListingRow, ProductPage, Variant
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory, ProductPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]

VALID: tuple[list[int], ...] = ([], [], [], [], [])


@pytest.fixture
def shop(home_page: Page) -> CategoryPage:
    category: CategoryPage = CategoryPageFactory(title="Shop", slug="shop")
    return category


def references(page: Page) -> set[tuple[Any, ...]]:
    return set(
        ReferenceIndex.get_references_for_object(page).values_list(
            "content_type", "base_content_type", "to_content_type", "to_object_id", "model_path", "content_path_hash"
        )
    )


def index_entry(obj: Any) -> dict[str, Any]:
    """What the search index holds of an object; taken out of it. Blanks have no meaning there."""
    entries = IndexEntry.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk))
    values = entries.values().get()
    entries.delete()
    for name in ("id", "title_norm"):  # the norm follows from all other entries
        values.pop(name)
    return {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in values.items()}


class TestAddPages:
    def test_writes_what_wagtail_would_write(self, shop: CategoryPage) -> None:
        brand = BrandFactory(name="Orwell")
        fields = {"title": "Lamp", "body": "<p>Brass</p>", "brand": brand, "seo_title": "A lamp"}
        theirs = shop.add_child(instance=ProductPage(slug="theirs", **fields))
        ours = ProductPage(slug="ours", **fields)
        bulk.add_pages([(shop.pk, ours)])

        own = {"id", "page_ptr", "path", "url_path", "slug", "translation_key"}
        rows: list[dict[str, Any]] = [
            dict(ProductPage.objects.filter(pk=page.pk).values().get()) for page in (theirs, ours)
        ]
        times = {"first_published_at", "last_published_at"}
        for row in rows:
            # Ours has been published, theirs was only made live.
            assert row["live"]
            [row.pop(name) for name in own | times | {"page_ptr_id"} if name in row]
        assert rows[0] == rows[1]
        assert ours.first_published_at is not None
        assert ours.url_path == f"{shop.url_path}ours/"
        assert ours.path == Page.objects.get(pk=shop.pk).get_children().last().path

    def test_leaves_a_valid_tree_that_grows_on(self, shop: CategoryPage) -> None:
        bulk.add_pages([(shop.pk, ProductPage(title=str(n), slug=str(n))) for n in range(40)])
        Page.objects.get(pk=shop.pk).add_child(instance=ProductPage(title="By hand", slug="by-hand"))
        bulk.add_pages([(shop.pk, ProductPage(title="Last", slug="last"))])
        shop.refresh_from_db()
        assert [page.title for page in shop.get_children()] == [*map(str, range(40)), "By hand", "Last"]
        assert shop.numchild == 42
        assert Page.find_problems() == VALID

    def test_counts_on_after_a_child_that_has_children(self, shop: CategoryPage) -> None:
        below = CategoryPageFactory(title="Deep", parent=CategoryPageFactory(title="Below", parent=shop))
        bulk.add_pages(
            [(shop.pk, ProductPage(title="Lamp", slug="lamp")), (below.pk, ProductPage(title="Mug", slug="mug"))]
        )
        assert [page.title for page in Page.objects.get(pk=shop.pk).get_children()] == ["Below", "Lamp"]
        assert Page.find_problems() == VALID

    def test_a_page_may_be_the_parent_of_a_later_one(self, shop: CategoryPage) -> None:
        lamps = CategoryPage(title="Lamps", slug="lamps")
        small = CategoryPage(title="Small", slug="small")
        lamp = ProductPage(title="Lamp", slug="lamp")
        bulk.add_pages([(shop.pk, lamps), (lamps, small), (small, lamp), (lamps, ProductPage(title="Big", slug="big"))])
        assert lamp.url_path == f"{shop.url_path}lamps/small/lamp/"
        lamps.refresh_from_db()
        assert lamps.numchild == 2
        assert lamp.get_parent().specific == small
        assert Page.find_problems() == VALID

    def test_a_draft_is_not_published(self, shop: CategoryPage) -> None:
        page = ProductPage(title="Lamp", slug="lamp", live=False)
        bulk.add_pages([(shop.pk, page)])
        page.refresh_from_db()
        assert (page.live, page.first_published_at, page.last_published_at) == (False, None, None)

    def test_a_parent_that_is_gone_is_refused(self, shop: CategoryPage) -> None:
        with pytest.raises(bulk.ParentGone, match=r"Page 999999 has been deleted\."):
            bulk.add_pages([(shop.pk, ProductPage(title="a", slug="a")), (999999, ProductPage(title="b", slug="b"))])
        assert not ProductPage.objects.exists()

    def test_nothing_is_left_where_somebody_has_taken_the_place(
        self, shop: CategoryPage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ProductPageFactory(parent=shop)
        monkeypatch.setattr(bulk, "_last_steps", lambda parents: dict.fromkeys(parents, 0))
        with pytest.raises(IntegrityError), transaction.atomic():
            bulk.add_pages([(shop.pk, ProductPage(title="Lamp", slug="lamp"))])
        shop.refresh_from_db()
        assert (shop.numchild, ProductPage.objects.count()) == (1, 1)
        assert Page.find_problems() == VALID

    def test_number_of_queries_does_not_grow(self, shop: CategoryPage, django_assert_max_num_queries: Any) -> None:
        others = [CategoryPageFactory(parent=shop) for _ in range(5)]
        for other in others:
            ProductPageFactory(parent=other)
        with django_assert_max_num_queries(9):
            bulk.add_pages([(others[n % 5].pk, ProductPage(title=str(n), slug=f"x{n}")) for n in range(20)])


class TestFreeSlugs:
    def test_tells_equal_addresses_apart(self, shop: CategoryPage) -> None:
        for slug in ("lamp", "lamp-2", "mug"):
            ProductPageFactory(slug=slug, parent=shop)
        other = CategoryPageFactory(parent=shop)
        wanted = [(shop.pk, "lamp"), (shop.pk, "lamp"), (shop.pk, "vase"), (shop.pk, "vase"), (other.pk, "lamp")]
        assert bulk.free_slugs(wanted) == ["lamp-3", "lamp-4", "vase", "vase-2", "lamp"]

    def test_stays_within_the_length_of_a_slug(self, shop: CategoryPage) -> None:
        long = "x" * 255
        ProductPageFactory(slug=long, parent=shop)
        assert bulk.free_slugs([(shop.pk, long)]) == ["x" * 253 + "-2"]

    def test_a_parent_may_be_one_that_is_yet_to_come(self, shop: CategoryPage) -> None:
        new = ("lamps",)
        assert bulk.free_slugs([(new, "a"), (new, "a"), (("mugs",), "a")]) == ["a", "a-2", "a"]


class TestEnsureBrands:
    def test_makes_each_once_and_finds_what_is_there(self) -> None:
        nike = BrandFactory(name="NIKE", slug="swoosh")
        renamed = BrandFactory(name="Somebody", slug="orwell")
        brands, made = bulk.ensure_brands(["Nike", "Orwell", "ORWELL", "", "Ørwell & Co", "nike"])
        assert brands["nike"] == nike
        assert [(brand.name, brand.slug, brand.live) for brand in made] == [
            ("Orwell", "orwell-2", True),
            ("Ørwell & Co", "ørwell-co", True),
        ]
        assert brands["orwell"] == made[0] != renamed
        assert bulk.ensure_brands(["Orwell"])[1] == []

    def test_a_name_without_letters_gets_an_address_too(self) -> None:
        _, made = bulk.ensure_brands(["!!!", "???"])
        assert [brand.slug for brand in made] == ["brand", "brand-2"]
        assert bulk.ensure_brands(["!!!", "???"])[1] == []


class TestSearchIndex:
    def test_finds_pages_by_title_body_and_brand(self, shop: CategoryPage) -> None:
        page = ProductPage(
            title="Harbour lamp", slug="lamp", body="<p>Phlogiston</p>", brand=BrandFactory(name="Orwell")
        )
        bulk.add_pages([(shop.pk, page)])
        bulk_index.index_for_search(ProductPage, [page])
        for words in ("harbour", "phlogiston", "orwell"):
            assert [found.pk for found in ProductPage.objects.search(words)] == [page.pk]
        assert [found.pk for found in Page.objects.autocomplete("harb")] == [page.pk]

    def test_is_what_the_objects_themselves_would_give(self, shop: CategoryPage) -> None:
        """The stand-ins that save the backends work must not change what they write."""
        page = ProductPage(
            title="  Harbour   lamp & co ",
            slug="lamp",
            summary="One sentence.",
            body="<p>Brass &amp; glass</p><ul><li>made in Ipswich</li></ul>",
            brand=BrandFactory(name="Orwell"),
        )
        bare = ProductPage(title="Bare", slug="bare")
        pages = [page, bare, CategoryPage(title="Lamps", slug="lamps", intro="For reading")]
        bulk.add_pages([(shop.pk, each) for each in pages])
        everything: list[Any] = [*pages, page.brand]
        for each in everything:
            get_search_backend().add_bulk(type(each), [each])
            theirs = index_entry(each)
            bulk_index.index_for_search(type(each), [each])
            ours = index_entry(each)
            assert ours == theirs

    def test_a_failing_search_server_does_not_stop_the_shop(
        self, shop: CategoryPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        backend = get_search_backend()

        def fail(*args: Any) -> None:
            raise ConnectionError("no server")

        monkeypatch.setattr(postgres_index, "writes", lambda backend: False)
        monkeypatch.setattr(type(backend), "add_bulk", fail)
        with pytest.raises(ConnectionError):
            bulk_index.index_for_search(ProductPage, [ProductPage(title="Lamp")])
        monkeypatch.setattr(type(backend), "catch_indexing_errors", True)
        bulk_index.index_for_search(ProductPage, [ProductPage(title="Lamp")])
        assert "The search index did not take 1 objects." in caplog.text


class TestReferenceIndex:
    def test_holds_what_wagtail_would_hold(self, shop: CategoryPage) -> None:
        first, second = BrandFactory(), BrandFactory()
        page = ProductPage(title="Lamp", slug="lamp", body="<p>x</p>", brand=first)
        bulk.add_pages([(shop.pk, page)])
        for brand in (first, second, None, first):
            page.brand = brand
            bulk_index.index_references([page])
            ours = references(page)
            assert len(ours) == (1 if brand else 0)
            with transaction.atomic():
                ReferenceIndex.create_or_update_for_object(page)
            assert references(page) == ours
        assert ReferenceIndex.get_references_to(first).count() == 1

    def test_forgets_links_that_the_words_no_longer_have(self, shop: CategoryPage) -> None:
        page = ProductPageFactory(parent=shop, body=f'<p><a linktype="page" id="{shop.pk}">All</a></p>')
        assert ReferenceIndex.get_references_to(shop).count() == 1
        page.body = "<p>All</p>"
        bulk_index.index_references([page])
        assert ReferenceIndex.get_references_to(shop).count() == 0


class TestHistory:
    def test_is_shown_in_the_admin_s_words(self, shop: CategoryPage) -> None:
        bulk_index.log_pages([shop], action="wagtail.publish", data={"source": "x"})
        entry = PageLogEntry.objects.get(page=shop.pk, action="wagtail.publish")
        assert (entry.message, entry.label, entry.data, entry.user) == ("Published", "Shop", {"source": "x"}, None)


class TestRevisions:
    def test_are_what_publishing_would_leave(self, shop: CategoryPage) -> None:
        theirs, ours = (ProductPageFactory(parent=shop, slug=slug) for slug in ("theirs", "ours"))
        for page in (theirs, ours):
            page.save_revision().publish()
            page.title = "Changed"
        theirs.save_revision().publish()
        bulk_index.publish_revisions([ours])
        ours.draft_title = ours.title
        ours.save()

        ours, theirs = (ProductPage.objects.get(slug=slug) for slug in ("ours", "theirs"))
        assert ours.latest_revision == ours.live_revision == Revision.objects.for_instance(ours).last()
        assert ours.get_latest_revision_as_object().title == "Changed"
        flags = ["live", "has_unpublished_changes", "draft_title", "title"]
        assert model_to_dict(ours, flags) == model_to_dict(theirs, flags)
        contents = [page.latest_revision.content for page in (ours, theirs)]
        assert set(contents[0]) == set(contents[1])

    def test_nothing_is_done_for_no_pages(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            bulk_index.publish_revisions([])


def test_listing_rows_of_new_products(shop: CategoryPage) -> None:
    from shop.catalog import listing

    page = ProductPageFactory(parent=shop)
    ListingRow.objects.all().delete()
    Variant.objects.create(product=page, sku="A")
    listing.add([page.pk])
    added = ListingRow.objects.filter(pk=page.pk).values().get()
    listing.refresh([page.pk])
    assert ListingRow.objects.filter(pk=page.pk).values().get() == added
    assert Brand.objects.count() == 0
