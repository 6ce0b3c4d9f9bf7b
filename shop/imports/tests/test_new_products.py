"""Products that an import brings: their pages, prices and stock, and where they stand in the tree."""

from typing import Any

import pytest
from wagtail.models import Page, PageLogEntry
from wagtail.search.backends import get_search_backend

from shop.catalog.models import Brand, CategoryPage, ListingRow, ProductPage, Variant
from shop.catalog.offers import Availability, Quote
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory, ProductPageFactory
from shop.imports.problems import Kind
from shop.imports.tests.factories import lamp, numbered
from shop.imports.tests.importing import Run, offer, outcomes, price_as_set, problems, product
from shop.inventory.models import StockMovement
from shop.pricing.models import Price

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
