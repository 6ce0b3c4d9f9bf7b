"""What an import does to the shop."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, ReferenceIndex
from wagtail.search.backends import get_search_backend

from shop.catalog.models import Brand, CategoryPage, ListingRow, ProductPage, Variant
from shop.catalog.offers import Availability, Quote, registry
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory, ProductPageFactory
from shop.imports.categories import NoCategory
from shop.imports.models import ImportedProduct
from shop.imports.problems import Kind, Problem
from shop.imports.services import ImportSummary, Outcome, import_products
from shop.imports.tests.factories import lamp, numbered, write_csv
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.services import commit_sale, reserve, set_on_hand
from shop.pricing.models import Price
from shop.pricing.selectors import current_quotes
from shop.pricing.services import set_price

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Rows = list[Mapping[str, str]]
Run = Callable[..., ImportSummary]


@pytest.fixture
def run(tmp_path: Path, home_page: Page) -> Run:
    """Import rows: ``run(rows, parent="lamps")``."""

    def run_import(rows: Any, **options: Any) -> ImportSummary:
        return import_products(path=write_csv(tmp_path, rows), **options)

    return run_import


def outcomes(summary: ImportSummary) -> dict[str, int]:
    return {outcome.value: number for outcome, number in summary.products.items()}


def product(slug: str = "harbour-lamp") -> ProductPage:
    return ProductPage.objects.get(slug=slug)


def price_as_set(sku: str = "LAMP-1") -> Quote:
    """With the compare-at price of the file: shoppers see it once the shop has asked for such a price."""
    variant = Variant.objects.get(sku=sku)
    return current_quotes([variant.pk])[variant.pk]


def offer(sku: str = "LAMP-1") -> Any:
    return registry.offers([Variant.objects.get(sku=sku)])[0]


def problems(summary: ImportSummary) -> list[tuple[int, Kind, str]]:
    return [
        (problem.line, problem.kind, problem.detail) for kept in summary.problems._examples.values() for problem in kept
    ]


class TestNewProducts:
    def test_a_row_becomes_a_page_that_can_be_bought(self, run: Run, home_page: Page) -> None:
        summary = run([lamp()])

        page = product()
        assert (page.title, page.draft_title, page.body) == (
            "Harbour Lamp",
            "Harbour Lamp",
            "<p>Brass, on a ceramic foot.</p>",
        )
        assert (page.seo_title, page.search_description) == ("Harbour Lamp in brass", "A table lamp.")
        assert page.brand
        assert page.brand.name == "Orwell Lighting"
        assert page.url_path == f"{home_page.url_path}shop/lighting/table-lamps/harbour-lamp/"
        assert page.live
        assert page.first_published_at == page.last_published_at
        assert not page.has_unpublished_changes
        variant = Variant.objects.get()
        assert (variant.sku, variant.options, variant.weight, variant.barcode) == ("LAMP-1", [], 1200, "5012345678900")
        assert price_as_set() == Quote(4950, "GBP", 6000)
        assert offer().availability == Availability(12)
        row = ListingRow.objects.get()
        assert (row.product_id, row.price, row.price_highest, row.compare_at) == (page.pk, 4950, 4950, None)
        assert (row.currency, row.available, row.stale_at, row.thumbnail) == ("GBP", True, None, {})
        assert outcomes(summary) == {"new": 1}
        assert (summary.new_variants, summary.brands, summary.categories, summary.complete) == (1, 1, 2, True)

    def test_the_stock_ledger_begins_with_an_opening_line(self, run: Run) -> None:
        run([lamp()])
        movement = StockMovement.objects.get()
        assert (movement.item.sku, movement.kind, movement.quantity, movement.reason) == (
            "LAMP-1",
            "opening",
            12,
            "Import of products.csv",
        )
        assert Price.objects.get().reason == "Import of products.csv"

    def test_the_page_is_served_with_its_words(self, run: Run, client: Any) -> None:
        run([lamp()])
        response = client.get("/shop/lighting/table-lamps/harbour-lamp/")
        assert response.status_code == 200
        assert "Brass, on a ceramic foot." in response.content.decode()
        assert "£49.50" in response.content.decode()

    def test_the_history_of_the_page_says_where_it_came_from(self, run: Run) -> None:
        run([lamp()])
        entry = PageLogEntry.objects.get(page=product().pk)
        assert (entry.action, entry.message, entry.data) == (
            "imports.create",
            "Created by an import",
            {"source": "Import of products.csv"},
        )

    def test_without_a_price_it_is_shown_but_cannot_be_bought(self, run: Run, client: Any) -> None:
        summary = run([lamp(**{"Variant Price": "", "Variant Compare At Price": ""})])
        assert problems(summary) == [(2, Kind.NO_PRICE, "“Harbour Lamp”")]
        assert offer().quote is None
        assert not offer().buyable
        assert not ListingRow.objects.get().available
        assert client.get("/shop/lighting/table-lamps/harbour-lamp/").status_code == 200

    @pytest.mark.parametrize(
        ("cells", "live"),
        [
            ({"Published": "true", "Status": "active"}, True),
            ({"Published": "", "Status": ""}, True),
            ({"Published": "false", "Status": "active"}, False),
            ({"Published": "true", "Status": "draft"}, False),
            ({"Published": "true", "Status": "archived"}, False),
            ({"Published": "TRUE", "Status": "Unlisted"}, False),
            ({"Published": "perhaps", "Status": "active"}, False),
        ],
    )
    def test_the_state_decides_whether_it_is_live(
        self, run: Run, client: Any, cells: dict[str, str], live: bool
    ) -> None:
        run([lamp(**cells)])
        page = product()
        assert (page.live, page.has_unpublished_changes) == (live, not live)
        assert (page.first_published_at is not None) is live
        status = client.get("/shop/lighting/table-lamps/harbour-lamp/").status_code
        assert status == (200 if live else 404)

    def test_variants_keep_the_order_of_the_file(self, run: Run) -> None:
        first = lamp(**{"Option1 Name": "Colour", "Option1 Value": "Sea", "Option2 Name": "Size", "Option2 Value": "L"})
        more = {
            "Handle": "harbour-lamp",
            "Option1 Value": "Sand",
            "Option2 Value": "S",
            "Variant SKU": "LAMP-2",
            "Variant Price": "45",
            "Variant Inventory Policy": "continue",
            "Variant Inventory Qty": "3",
        }
        run([first, more])
        assert list(Variant.objects.values_list("sku", "options", "position")) == [
            ("LAMP-1", [["Colour", "Sea"], ["Size", "L"]], 0),
            ("LAMP-2", [["Colour", "Sand"], ["Size", "S"]], 1),
        ]
        assert price_as_set("LAMP-2") == Quote(4500, "GBP")
        assert offer("LAMP-2").availability == Availability(None)

    def test_categories_and_brands_are_made_once(self, run: Run) -> None:
        rows = [*numbered(3), lamp(Handle="x", **{"Variant SKU": "X", "Vendor": "ORWELL LIGHTING"})]
        summary = run(rows)
        assert list(Brand.objects.values_list("name", "slug", "live")) == [("Orwell Lighting", "orwell-lighting", True)]
        assert sorted(CategoryPage.objects.values_list("title", flat=True)) == ["Lighting", "Shop", "Table lamps"]
        assert (summary.brands, summary.categories) == (1, 2)

    def test_existing_categories_and_brands_are_used(self, run: Run, home_page: Page) -> None:
        shop = CategoryPageFactory(title="Shop", slug="shop")
        lighting = CategoryPageFactory(title="LIGHTING", slug="lights", parent=shop)
        renamed = CategoryPageFactory(title="Lamps for the table", slug="table-lamps", parent=lighting)
        brand = BrandFactory(name="orwell lighting", slug="orwell")
        run([lamp()])
        assert product().get_parent().pk == renamed.pk
        assert product().brand == brand

    @pytest.mark.parametrize(
        ("category", "kind", "url"),
        [
            ("Lighting>Table lamps", "Lamp", "shop/lighting/table-lamps/"),
            (" Lighting > > Table lamps ", "Lamp", "shop/lighting/table-lamps/"),
            ("", "Lamp", "shop/lamp/"),
            ("2271", "Lamp", "shop/lamp/"),
            ("", "", "shop/"),
            ("💡", "", "shop/category-"),
        ],
    )
    def test_where_a_product_goes(self, run: Run, home_page: Page, category: str, kind: str, url: str) -> None:
        run([lamp(**{"Product Category": category, "Type": kind})])
        assert product().get_parent().url_path.startswith(home_page.url_path + url)

    def test_equal_addresses_are_told_apart(self, run: Run) -> None:
        rows = [
            lamp(Handle="harbour lamp", **{"Variant SKU": "A"}),
            lamp(Handle="Harbour-Lamp", **{"Variant SKU": "B"}),
            lamp(Handle="harbour-lamp", **{"Variant SKU": "C"}),
        ]
        summary = run(rows)
        slugs = {variant.sku: variant.product.slug for variant in Variant.objects.select_related("product")}
        assert slugs == {"A": "harbour-lamp", "B": "harbour-lamp-2", "C": "harbour-lamp-3"}
        assert summary.problems.counts[Kind.SLUG_TAKEN] == 2
        assert outcomes(run(rows)) == {"unchanged": 3}

    def test_a_page_of_another_kind_keeps_its_address(self, run: Run) -> None:
        shop = CategoryPageFactory(title="Shop", slug="shop")
        ProductPageFactory(title="Not a category", slug="lighting", parent=shop)
        run([lamp()])
        assert product().get_parent().get_parent().slug == "lighting-2"


class TestTheTree:
    def test_is_valid_and_takes_pages_the_usual_way(self, run: Run) -> None:
        run([*numbered(5), lamp(**{"Product Category": "Lighting"})])
        assert Page.find_problems() == ([], [], [], [], [])
        lighting = CategoryPage.objects.get(title="Lighting")
        assert (lighting.numchild, CategoryPage.objects.get(title="Table lamps").numchild) == (2, 5)
        lighting.add_child(instance=ProductPage(title="By hand"))
        run([lamp(Handle="after", **{"Variant SKU": "AFTER", "Product Category": "Lighting"})])
        titles = [page.title for page in CategoryPage.objects.get(title="Lighting").get_children()]
        assert titles == ["Table lamps", "Harbour Lamp", "By hand", "Harbour Lamp"]
        assert Page.find_problems() == ([], [], [], [], [])

    def test_the_imported_are_found_by_the_search(self, run: Run) -> None:
        run([*numbered(2), lamp(**{"Body (HTML)": "<p>A phlogiston burner</p>"})])
        assert [page.title for page in ProductPage.objects.search("phlogiston")] == ["Harbour Lamp"]
        assert {page.title for page in Page.objects.search("Table lamps")} >= {"Table lamps"}
        assert [brand.name for brand in get_search_backend().search("Orwell", Brand)] == ["Orwell Lighting"]


class TestTheSameFileAgain:
    def test_changes_nothing(self, run: Run, django_assert_max_num_queries: Any) -> None:
        run(numbered(30))
        before = [*Page.objects.values_list("pk", "path", "last_published_at"), *Price.objects.values_list("pk")]
        with django_assert_max_num_queries(6):
            summary = run(numbered(30))
        assert outcomes(summary) == {"unchanged": 30}
        after = [*Page.objects.values_list("pk", "path", "last_published_at"), *Price.objects.values_list("pk")]
        assert after == before
        assert StockMovement.objects.count() == 30
        assert PageLogEntry.objects.filter(action__startswith="imports.").count() == 30

    def test_leaves_units_sold_meanwhile_sold(self, run: Run) -> None:
        run([lamp()])
        reserve({"LAMP-1": 3})
        commit_sale({"LAMP-1": 3}, "ORDER-1")
        assert outcomes(run([lamp()])) == {"unchanged": 1}
        assert StockItem.objects.get().on_hand == 9

    def test_leaves_what_people_changed_here(self, run: Run) -> None:
        run([lamp()])
        set_price(variant=Variant.objects.get(), amount=3900, currency="GBP")
        page = product()
        page.title = "The Harbour Lamp"
        page.save_revision().publish()
        assert outcomes(run([lamp()])) == {"unchanged": 1}
        assert (product().title, offer().quote) == ("The Harbour Lamp", Quote(3900, "GBP"))

    def test_takes_the_file_s_word_with_overwrite(self, run: Run) -> None:
        run([lamp()])
        set_price(variant=Variant.objects.get(), amount=3900, currency="GBP")
        set_on_hand(sku="LAMP-1", on_hand=2)
        ProductPage.objects.update(body="<p>Changed</p>")
        assert outcomes(run([lamp()], overwrite=True)) == {"changed": 1}
        assert price_as_set() == Quote(4950, "GBP", 6000)
        assert offer().availability == Availability(12)
        assert product().body == "<p>Brass, on a ceramic foot.</p>"
        assert outcomes(run([lamp()], overwrite=True)) == {"unchanged": 1}

    def test_does_not_take_the_editor_s_own_marks_for_a_change(self, run: Run) -> None:
        run([lamp()])
        ProductPage.objects.update(body='<p data-block-key="75ds4">Brass, on a ceramic foot.</p>')
        assert outcomes(run([lamp()], overwrite=True)) == {"unchanged": 1}

    def test_brings_back_what_was_deleted(self, run: Run) -> None:
        run([lamp()])
        product().delete()
        assert not ImportedProduct.objects.exists()
        set_on_hand(sku="LAMP-1", on_hand=4)
        assert outcomes(run([lamp()])) == {"new": 1}
        assert StockItem.objects.get().on_hand == 12
        assert Page.find_problems() == ([], [], [], [], [])


class TestAChangedFile:
    @pytest.mark.parametrize(
        ("header", "cell", "field", "value"),
        [
            ("Title", "Quay Lamp", "title", "Quay Lamp"),
            ("Body (HTML)", "<p>New</p>", "body", "<p>New</p>"),
            ("Body (HTML)", "", "body", ""),
            ("SEO Title", "", "seo_title", ""),
            ("SEO Description", "Bright.", "search_description", "Bright."),
            ("Vendor", "", "brand", None),
            ("Status", "draft", "live", False),
        ],
    )
    def test_changes_the_field_that_it_changes(
        self, run: Run, header: str, cell: str, field: str, value: object
    ) -> None:
        run([lamp(), lamp(Handle="other", **{"Variant SKU": "OTHER"})])
        summary = run([lamp(**{header: cell}), lamp(Handle="other", **{"Variant SKU": "OTHER"})])
        assert outcomes(summary) == {"changed": 1, "unchanged": 1}
        assert getattr(product(), field) == value
        assert getattr(product("other"), field) != value

    def test_is_found_by_its_new_words_and_brand(self, run: Run) -> None:
        run([lamp()])
        run([lamp(Title="Phlogiston burner", Vendor="Gipping")])
        assert [page.pk for page in ProductPage.objects.search("phlogiston")] == [product().pk]
        assert not ProductPage.objects.search("harbour orwell").count()
        assert product().brand == Brand.objects.get(name="Gipping")
        assert product().draft_title == "Phlogiston burner"
        assert product().slug == "harbour-lamp"

    def test_sets_price_and_stock_with_a_line_in_each_history(self, run: Run) -> None:
        run([lamp()])
        summary = run([lamp(**{"Variant Price": "39.00", "Variant Inventory Qty": "5"})])
        assert outcomes(summary) == {"changed": 1}
        assert price_as_set() == Quote(3900, "GBP", 6000)
        assert Price.objects.count() == 2
        assert list(StockMovement.objects.order_by("pk").values_list("kind", "quantity")) == [
            ("opening", 12),
            ("import", -7),
        ]
        assert ListingRow.objects.get().price == 3900

    def test_keeps_the_price_where_the_file_has_none_any_more(self, run: Run) -> None:
        run([lamp()])
        run([lamp(**{"Variant Price": "", "Variant Compare At Price": ""})])
        assert price_as_set() == Quote(4950, "GBP", 6000)

    def test_does_not_promise_away_reserved_units(self, run: Run) -> None:
        run([lamp()])
        reserve({"LAMP-1": 4})
        summary = run([lamp(**{"Variant Inventory Qty": "3"})])
        assert StockItem.objects.get().on_hand == 12
        assert problems(summary) == [
            (2, Kind.STOCK_REFUSED, "LAMP-1, 3 units, but 4 are reserved for open orders"),
        ]

    def test_adds_variants_and_keeps_those_it_does_not_name(self, run: Run) -> None:
        options = {"Option1 Name": "Colour", "Option1 Value": "Sea"}
        run([lamp(**options)])
        run([lamp(**{**options, "Option1 Value": "Sand", "Variant SKU": "LAMP-2"})])
        assert list(Variant.objects.values_list("sku", "options", "position")) == [
            ("LAMP-1", [["Colour", "Sea"]], 0),
            ("LAMP-2", [["Colour", "Sand"]], 1),
        ]
        assert price_as_set("LAMP-2") == Quote(4950, "GBP", 6000)

    def test_lets_variants_change_places(self, run: Run) -> None:
        def rows(first: str, second: str) -> list[dict[str, str]]:
            return [
                lamp(**{"Option1 Name": "Colour", "Option1 Value": first}),
                {"Handle": "harbour-lamp", "Option1 Value": second, "Variant SKU": "LAMP-2"},
            ]

        run(rows("Sea", "Sand"))
        assert outcomes(run(rows("Sand", "Sea"))) == {"changed": 1}
        assert dict(Variant.objects.values_list("sku", "options")) == {
            "LAMP-1": [["Colour", "Sand"]],
            "LAMP-2": [["Colour", "Sea"]],
        }

    def test_gives_a_variant_a_new_sku_and_takes_its_stock_along(self, run: Run) -> None:
        run([lamp()])
        pk = Variant.objects.get().pk
        summary = run([lamp(**{"Variant SKU": "LAMP-1A"})])
        assert list(Variant.objects.values_list("pk", "sku")) == [(pk, "LAMP-1A")]
        assert list(StockItem.objects.values_list("sku", "on_hand")) == [("LAMP-1A", 12)]
        assert problems(summary) == [(2, Kind.SKU_CHANGED, "LAMP-1 is now LAMP-1A")]
        assert outcomes(run([lamp(**{"Variant SKU": "LAMP-1A"})])) == {"unchanged": 1}

    def test_does_not_rename_a_sku_that_is_reserved(self, run: Run) -> None:
        run([lamp()])
        reserve({"LAMP-1": 1})
        for _ in range(2):
            summary = run([lamp(**{"Variant SKU": "LAMP-1A"})])
            assert [kind for _, kind, _ in problems(summary)] == [Kind.SKU_CHANGED, Kind.SKU_NOT_CHANGED]
            assert Variant.objects.get().sku == "LAMP-1"

    def test_does_not_move_a_page(self, run: Run) -> None:
        run([lamp()])
        other = lamp(**{"Product Category": "Lighting > Floor lamps"})
        assert problems(run([other])) == [(2, Kind.NOT_MOVED, "“Harbour Lamp” in “Table lamps”")]
        assert product().get_parent().title == "Table lamps"
        assert problems(run([other])) == []

    def test_publishes_what_was_a_draft(self, run: Run, client: Any) -> None:
        run([lamp(Status="draft")])
        assert outcomes(run([lamp()])) == {"changed": 1}
        page = product()
        assert (page.live, page.has_unpublished_changes) == (True, False)
        assert page.first_published_at is not None
        assert client.get("/shop/lighting/table-lamps/harbour-lamp/").status_code == 200


class TestWhichProductIsMeant:
    def test_a_new_handle_for_known_skus(self, run: Run) -> None:
        run([lamp()])
        pk = product().pk
        summary = run([lamp(Handle="quay-lamp", Title="Quay Lamp")])
        assert outcomes(summary) == {"changed": 1}
        assert list(ProductPage.objects.values_list("pk", "title", "slug")) == [(pk, "Quay Lamp", "harbour-lamp")]
        assert outcomes(run([lamp(Handle="quay-lamp", Title="Quay Lamp")])) == {"unchanged": 1}

    def test_a_page_that_an_editor_has_renamed_and_moved(self, run: Run) -> None:
        run([lamp()])
        page = product()
        page.slug = "moved"
        page.save_revision().publish()
        page.move(CategoryPage.objects.get(title="Lighting"), pos="last-child")
        assert outcomes(run([lamp()])) == {"unchanged": 1}
        assert outcomes(run([lamp(Title="New")])) == {"changed": 1}
        assert product("moved").title == "New"

    def test_a_product_made_by_hand_with_the_same_sku(self, run: Run) -> None:
        page = ProductPageFactory(title="By hand", parent=CategoryPageFactory(title="Shop", slug="shop"))
        Variant.objects.create(product=page, sku="LAMP-1")
        assert outcomes(run([lamp()])) == {"changed": 1}
        assert ProductPage.objects.get().title == "Harbour Lamp"

    @pytest.mark.parametrize("sku", ["LAMP-1", ""])
    def test_a_product_of_the_shop_s_own_with_the_same_name_is_another_one(self, run: Run, sku: str) -> None:
        shop = CategoryPageFactory(title="Shop", slug="shop")
        mine = ProductPageFactory(title="Mine", slug="harbour-lamp", parent=shop)
        Variant.objects.create(product=mine, sku="MINE")
        row = lamp(**{"Product Category": "", "Type": "", "Variant SKU": sku})
        assert outcomes(run([row])) == {"new": 1}
        mine.refresh_from_db()
        assert mine.title == "Mine"
        assert product("harbour-lamp-2").title == "Harbour Lamp"
        assert outcomes(run([row])) == {"unchanged": 1}

    def test_the_same_handle_below_two_parents(self, run: Run) -> None:
        shop = CategoryPageFactory(title="Shop", slug="shop")
        CategoryPageFactory(title="Outlet", slug="outlet", parent=shop)
        CategoryPageFactory(title="Studio", slug="studio", parent=shop)
        run([lamp()], parent="outlet")
        assert outcomes(run([lamp(**{"Variant SKU": "OTHER"})], parent="studio")) == {"new": 1}
        assert outcomes(run([lamp()], parent="outlet")) == {"unchanged": 1}
        assert ProductPage.objects.count() == 2
        # Below both, the SKU tells which is meant; without one, nothing does.
        assert outcomes(run([lamp(Title="New")], parent="shop")) == {"changed": 1}
        summary = run([lamp(**{"Variant SKU": "THIRD"})], parent="shop")
        assert outcomes(summary) == {"refused": 1}
        assert problems(summary) == [(2, Kind.AMBIGUOUS, "harbour-lamp")]

    def test_a_sku_that_belongs_to_somebody_else(self, run: Run) -> None:
        run([lamp(), lamp(Handle="other", Title="Other", **{"Variant SKU": "OTHER"})])
        summary = run([lamp(**{"Variant SKU": "OTHER"})])
        assert problems(summary)[0] == (2, Kind.SKU_ELSEWHERE, "OTHER (“Other”)")
        assert not summary.complete
        assert set(Variant.objects.values_list("sku", "product__slug")) == {
            ("LAMP-1", "harbour-lamp"),
            ("OTHER", "other"),
        }

    def test_a_product_in_two_parts_of_the_file(self, run: Run) -> None:
        rows = [
            lamp(**{"Option1 Name": "Colour", "Option1 Value": "Sea"}),
            lamp(Handle="between", **{"Variant SKU": "BETWEEN"}),
            lamp(Title="Another title", **{"Option1 Name": "Colour", "Option1 Value": "Sand", "Variant SKU": "LAMP-2"}),
        ]
        summary = run(rows)
        assert outcomes(summary) == {"new": 2}
        assert product().title == "Harbour Lamp"
        assert sorted(Variant.objects.filter(product=product()).values_list("sku", flat=True)) == ["LAMP-1", "LAMP-2"]
        assert problems(summary) == [(4, Kind.REPEATED_PRODUCT, "“Another title”")]
        assert outcomes(run(rows)) == {"unchanged": 2}
        rows[2]["Variant Price"] = "1.00"
        assert outcomes(run(rows)) == {"changed": 1, "unchanged": 1}


class TestEditorsWork:
    def test_an_unpublished_draft_is_not_touched(self, run: Run) -> None:
        run([lamp()])
        page = product()
        page.title = "Better words"
        page.save_revision()
        changed = lamp(Title="From the file", **{"Variant Price": "10.00", "Variant Compare At Price": ""})
        for _ in range(2):
            summary = run([changed])
            assert problems(summary) == [(2, Kind.DRAFT_KEPT, "Harbour Lamp")]
        assert product().title == "Harbour Lamp"
        assert product().get_latest_revision_as_object().title == "Better words"
        assert price_as_set() == Quote(1000, "GBP")
        product().get_latest_revision().publish()
        assert outcomes(run([changed])) == {"changed": 1}
        assert product().title == "From the file"

    def test_a_locked_page_keeps_its_words(self, run: Run) -> None:
        run([lamp()])
        ProductPage.objects.update(locked=True)
        assert problems(run([lamp(Title="New")])) == [(2, Kind.LOCKED, "Harbour Lamp")]
        assert product().title == "Harbour Lamp"

    def test_an_edited_page_gets_a_revision_that_an_editor_can_go_back_from(self, run: Run) -> None:
        run([lamp()])
        page = product()
        page.body = "<p>Written by hand</p>"
        page.save_revision().publish()
        run([lamp(**{"Body (HTML)": "<p>From the file</p>"})])

        page = product()
        assert page.body == "<p>From the file</p>"
        assert page.get_latest_revision_as_object().body == "<p>From the file</p>"
        assert page.latest_revision == page.live_revision
        assert not page.has_unpublished_changes
        assert [revision.as_object().body for revision in page.revisions.order_by("pk")][-2:] == [
            "<p>Written by hand</p>",
            "<p>From the file</p>",
        ]
        assert page.latest_revision.get_previous().as_object().body == "<p>Written by hand</p>"

    def test_a_page_taken_off_by_an_editor_stays_off(self, run: Run) -> None:
        run([lamp()])
        product().unpublish()
        assert outcomes(run([lamp()])) == {"unchanged": 1}
        summary = run([lamp()], overwrite=True)
        assert problems(summary) == [(2, Kind.STATE_KEPT, "Harbour Lamp")]
        assert not product().live

    def test_a_page_put_on_by_an_editor_stays_on(self, run: Run) -> None:
        run([lamp(Status="draft")])
        product().save_revision().publish()
        assert problems(run([lamp(Status="archived")], overwrite=True)) == [(2, Kind.STATE_KEPT, "Harbour Lamp")]
        assert product().live


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
