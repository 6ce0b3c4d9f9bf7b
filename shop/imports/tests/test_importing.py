"""Importing as a whole: a try first, below which page, what the admin shows of it, what the database refuses."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex

from shop.catalog.models import Brand, CategoryPage, ProductPage, Variant
from shop.catalog.tests.factories import CategoryPageFactory
from shop.imports.categories import NoCategory
from shop.imports.models import ImportedProduct
from shop.imports.problems import Kind, Problem
from shop.imports.services import Outcome
from shop.imports.tests.factories import lamp, numbered
from shop.imports.tests.importing import Run, outcomes, problems, product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class TestTheAdmin:
    """An imported page has no revision until somebody edits it; the admin must not mind."""

    @pytest.fixture
    def page(self, run: Run) -> ProductPage:
        run(numbered(2))
        return product("lamp-0")

    @pytest.mark.parametrize("view", ["edit", "history", "usage", "view_draft", "copy", "delete", "unpublish"])
    def test_shows_it(self, admin_client: Any, page: ProductPage, view: str) -> None:
        assert admin_client.get(reverse(f"wagtailadmin_pages:{view}", args=[page.pk])).status_code == 200

    def test_names_each_page_s_own_import_in_its_history(self, admin_client: Any, run: Run, page: ProductPage) -> None:
        rows = numbered(2)
        rows[0]["Title"] = "New"
        run(rows)
        for slug, changed in (("lamp-0", True), ("lamp-1", False)):
            answer = admin_client.get(reverse("wagtailadmin_pages:history", args=[product(slug).pk]))
            assert "Created by an import" in answer.content.decode()
            assert ("Changed by an import" in answer.content.decode()) is changed
            assert "Current draft" not in answer.content.decode()

    def test_nothing_is_said_to_use_it(self, page: ProductPage) -> None:
        assert ReferenceIndex.get_references_to(page).count() == 0

    def test_draft_publish_move_and_delete(self, page: ProductPage, client: Any) -> None:
        page.title = "Edited"
        page.save_revision()
        assert product("lamp-0").title == "Lamp 0"
        assert page.make_preview_request().status_code == 200
        page.get_latest_revision().publish()
        assert "Edited" in client.get(page.get_url()).content.decode()
        product("lamp-0").move(CategoryPage.objects.get(title="Lighting"), pos="last-child")
        assert client.get("/shop/lighting/lamp-0/").status_code == 200
        product("lamp-0").delete()
        assert client.get("/shop/lighting/lamp-0/").status_code == 404
        assert Page.find_problems() == ([], [], [], [], [])
        assert list(Variant.objects.values_list("sku", flat=True)) == ["LAMP-1"]


class TestDryRun:
    def test_says_what_would_happen_and_writes_nothing(self, run: Run) -> None:
        summary = run([*numbered(3), lamp(**{"Product Category": "Lighting > Floor lamps"})], dry_run=True)
        assert outcomes(summary) == {"new": 4}
        assert (summary.categories, summary.new_variants) == (3, 4)
        assert not ProductPage.objects.exists()
        assert not CategoryPage.objects.exists()
        assert not Brand.objects.exists()
        assert not ImportedProduct.objects.exists()

    def test_tells_changed_from_unchanged(self, run: Run) -> None:
        run(numbered(2))
        rows = numbered(2)
        rows[0]["Title"] = "New"
        assert outcomes(run(rows, dry_run=True)) == {"changed": 1, "unchanged": 1}
        assert outcomes(run(rows)) == {"changed": 1, "unchanged": 1}

    def test_counts_a_product_in_two_parts_once(self, run: Run) -> None:
        rows = [
            lamp(),
            lamp(Handle="between", **{"Variant SKU": "B"}),
            lamp(**{"Option1 Value": "x", "Variant SKU": "C"}),
        ]
        assert outcomes(run(rows, dry_run=True)) == {"new": 2}


class TestTheParent:
    @pytest.fixture
    def shop(self, home_page: Page) -> CategoryPage:
        shop: CategoryPage = CategoryPageFactory(title="Shop", slug="shop")
        CategoryPageFactory(title="Old Stock", slug="outlet", parent=shop)
        return shop

    @pytest.mark.parametrize("name", ["outlet", "old stock", "/shop/outlet/", "shop/outlet", " outlet "])
    def test_may_be_named_in_several_ways(self, run: Run, shop: CategoryPage, name: str) -> None:
        summary = run([lamp()], parent=name)
        assert product().url_path == f"{shop.url_path}outlet/lighting/table-lamps/harbour-lamp/"
        assert summary.parent == "Old Stock"

    def test_that_does_not_exist_is_an_error(self, run: Run, shop: CategoryPage) -> None:
        with pytest.raises(NoCategory, match=r"There is no category “attic”[.] Categories: shop, outlet"):
            run([lamp()], parent="attic")

    def test_that_is_ambiguous_is_an_error(self, run: Run, shop: CategoryPage) -> None:
        CategoryPageFactory(title="More", slug="outlet", parent=CategoryPageFactory(slug="x", parent=shop))
        with pytest.raises(NoCategory, match=r"Several.*/shop/outlet/.*/shop/x/outlet/"):
            run([lamp()], parent="outlet")

    def test_is_the_whole_shop_where_there_are_several_top_categories(self, run: Run, home_page: Page) -> None:
        kitchen = CategoryPageFactory(title="Kitchen", slug="kitchen")
        CategoryPageFactory(title="Bath", slug="bath")
        nowhere = {"Product Category": "", "Type": ""}
        run(
            [
                lamp(**{"Product Category": "KITCHEN"}),
                lamp(Handle="b", **{"Variant SKU": "B", "Product Category": "New > Newer"}),
                lamp(Handle="c", **{"Variant SKU": "C", **nowhere}),
            ]
        )
        assert product("harbour-lamp").get_parent().pk == kitchen.pk
        assert product("b").url_path == f"{home_page.url_path}new/newer/b/"
        assert product("c").url_path == f"{home_page.url_path}shop/c/"
        assert Page.find_problems() == ([], [], [], [], [])

    def test_is_the_only_top_category(self, run: Run, home_page: Page) -> None:
        CategoryPageFactory(title="Everything", slug="everything")
        run([lamp()])
        assert product().url_path.startswith(f"{home_page.url_path}everything/lighting/")


class TestWhenTheDatabaseRefuses:
    def test_one_product_does_not_keep_the_others_out(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.db import DataError

        from shop.imports import writing

        def refuse(draft: Any, slug: str, brand: Any, *, publish: bool) -> ProductPage:
            if draft.key == "lamp-3":
                raise DataError("value out of range\nwith details")
            return make(draft, slug, brand, publish=publish)

        make = writing.new_page
        monkeypatch.setattr(writing, "new_page", refuse)
        heard: list[Problem] = []
        summary = run(numbered(7), on_problem=heard.append)
        assert outcomes(summary) == {"new": 6, "refused": 1}
        assert heard == [Problem(5, Kind.REFUSED_BY_DATABASE, "lamp-3, value out of range")]
        assert Page.find_problems() == ([], [], [], [], [])

    def test_a_batch_is_tried_again_when_somebody_was_faster(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.db import IntegrityError

        from shop.imports.writing import Writer

        write = Writer.write
        calls = []

        def fail_once(self: Writer, plan: Any) -> Any:
            calls.append(plan)
            written = write(self, plan)
            if len(calls) == 1:
                raise IntegrityError("path is taken")
            return written

        monkeypatch.setattr(Writer, "write", fail_once)
        summary = run(numbered(4))
        assert outcomes(summary) == {"new": 4}
        assert (len(calls), summary.categories, ProductPage.objects.count()) == (2, 2, 4)


def test_outcomes_cover_every_product(run: Run) -> None:
    summary = run([lamp(), lamp(Handle="b", Title="", **{"Variant SKU": "B"})])
    assert summary.products == {Outcome.NEW: 1, Outcome.REFUSED: 1}
    assert problems(summary) == [(3, Kind.NO_TITLE, "b")]
