"""Which product a row means, and the work of editors that an import leaves alone."""

import pytest

from shop.catalog.models import CategoryPage, ProductPage, Variant
from shop.catalog.offers import Quote
from shop.catalog.tests.factories import CategoryPageFactory, ProductPageFactory
from shop.imports.problems import Kind
from shop.imports.tests.factories import lamp
from shop.imports.tests.importing import Run, outcomes, price_as_set, problems, product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
