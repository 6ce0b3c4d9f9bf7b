"""The same file again, and one that has changed: only what it changes is changed."""

from typing import Any

import pytest
from wagtail.models import Page, PageLogEntry

from shop.catalog.models import Brand, ListingRow, ProductPage, Variant
from shop.catalog.offers import Availability, Quote
from shop.imports.models import ImportedProduct
from shop.imports.problems import Kind
from shop.imports.tests.factories import lamp, numbered
from shop.imports.tests.importing import Run, offer, outcomes, price_as_set, problems, product
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.services import commit_sale, reserve, set_on_hand
from shop.pricing.models import Price
from shop.pricing.services import set_price

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
