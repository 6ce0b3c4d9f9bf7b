"""What a product's page shows, and what search engines read about it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from shop.catalog.models import CategoryPage, ProductPage
from shop.catalog.structured_data import gtin
from shop.catalog.tests.factories import (
    BrandFactory,
    CategoryPageFactory,
    ImageFactory,
    ProductImageFactory,
    ProductPageFactory,
)
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def mugs(home_page: Page) -> CategoryPage:
    return CategoryPageFactory(title="Mugs", slug="mugs", parent=home_page)


@pytest.fixture
def mug(mugs: CategoryPage) -> ProductPage:
    """Chalk and sea in small, sea in large; the large one is sold out."""
    page = ProductPageFactory(title="Mug", slug="mug", parent=mugs)
    add_variant(page, sku="CS", options=[("Colour", "Chalk"), ("Size", "Small")], price=1200)
    add_variant(page, sku="SS", options=[("Colour", "Sea"), ("Size", "Small")], price=1300)
    add_variant(page, sku="SL", options=[("Colour", "Sea"), ("Size", "Large")], price=1500, stock=0)
    return page


def structured(response: Any, kind: str) -> dict[str, Any]:
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.S)
    [entry] = [entry for entry in json.loads(found)["@graph"] if entry["@type"] == kind]
    return entry


def groups(response: Any) -> dict[str, list[tuple[str, str, bool, bool]]]:
    return {
        group.name: [(value.value, value.sku, value.selected, value.available) for value in group.values]
        for group in response.context["option_groups"]
    }


def test_the_first_variant_that_can_be_bought_is_chosen(client: Client, mugs: CategoryPage) -> None:
    page = make_product(title="Cup", slug="cup", parent=mugs, sku="A", stock=0)
    add_variant(page, options=[("Size", "Large")], sku="B", active=False)
    add_variant(page, options=[("Size", "Small")], sku="C")
    response = client.get("/mugs/cup/")
    assert response.context["selected_offer"].variant.sku == "C"
    assert [offer.variant.sku for offer in response.context["offers"]] == ["A", "C"]


def test_a_sku_in_the_address_chooses_its_variant(client: Client, mug: ProductPage) -> None:
    response = client.get("/mugs/mug/?sku=SS")
    assert response.context["selected_offer"].variant.sku == "SS"
    assert response.context["selected_offer"].quote.amount == 1300
    assert groups(response) == {
        "Colour": [("Chalk", "CS", False, True), ("Sea", "SS", True, True)],
        "Size": [("Small", "SS", True, True), ("Large", "SL", False, False)],
    }
    html = response.content.decode()
    assert 'name="sku" value="SS"' in html
    assert "£13.00" in html


def test_an_option_leads_to_the_nearest_variant(client: Client, mug: ProductPage) -> None:
    """There is no large mug in chalk: choosing chalk from the large one leads to the small one."""
    response = client.get("/mugs/mug/?sku=SL")
    assert groups(response)["Colour"] == [("Chalk", "CS", False, True), ("Sea", "SL", True, False)]


def test_an_option_says_what_else_it_changes(client: Client, mug: ProductPage) -> None:
    response = client.get("/mugs/mug/?sku=CS")
    [colour, size] = response.context["option_groups"]
    assert [value.elsewhere for value in colour.values] == ["", ""]
    assert [value.elsewhere for value in size.values] == ["", "Sea"]
    assert "(Sea)" in response.content.decode()


def test_a_sold_out_variant_says_so_and_cannot_be_added(client: Client, mug: ProductPage) -> None:
    html = client.get("/mugs/mug/?sku=SL").content.decode()
    assert "Sea, Large is sold out" in html
    assert 'action="/cart/add/"' not in html


@pytest.mark.parametrize("sku", ["", "nobody", "☃", "x" * 3000, "%27%3B--", "%ff%fe"])
def test_an_unknown_sku_is_as_good_as_none(client: Client, mug: ProductPage, sku: str) -> None:
    response = client.get(f"/mugs/mug/?sku={sku}")
    assert response.status_code == 200
    assert response.context["selected_offer"].variant.sku == "CS"


def test_a_product_without_a_price_is_shown_but_not_sold(client: Client, mugs: CategoryPage) -> None:
    make_product(title="Teapot", slug="teapot", parent=mugs, price=None)
    response = client.get("/mugs/teapot/")
    html = response.content.decode()
    assert "Not for sale yet" in html
    assert 'name="sku"' not in html
    assert response.context["selected_offer"].reason == "Not for sale yet"
    assert "offers" not in structured(response, "Product")


def test_a_product_without_variants_is_shown_but_not_sold(client: Client, mugs: CategoryPage) -> None:
    ProductPageFactory(title="Teapot", slug="teapot", parent=mugs)
    response = client.get("/mugs/teapot/")
    assert response.context["selected_offer"] is None
    assert response.context["option_groups"] == []
    assert "Not for sale yet" in response.content.decode()


def test_stock_that_is_not_counted_never_runs_out(client: Client, mugs: CategoryPage) -> None:
    make_product(title="Voucher", slug="voucher", parent=mugs, stock=None)
    response = client.get("/mugs/voucher/")
    assert response.context["selected_offer"].buyable
    assert response.context["selected_offer"].availability.quantity is None


def test_one_variant_is_one_offer(client: Client, mugs: CategoryPage) -> None:
    brand = BrandFactory(name="Orwell Pottery")
    page = make_product(title="Cup", slug="cup", parent=mugs, sku="CUP-1", price=1250, brand=brand)
    page.variants.update(barcode="4006381333931")
    assert structured(client.get("/mugs/cup/"), "Product") == {
        "@type": "Product",
        "name": "Cup",
        "url": "http://testserver/mugs/cup/",
        "description": "Made in Suffolk.",
        "brand": {"@type": "Brand", "name": "Orwell Pottery"},
        "sku": "CUP-1",
        "gtin": "4006381333931",
        "offers": {
            "@type": "Offer",
            "url": "http://testserver/mugs/cup/",
            "sku": "CUP-1",
            "gtin": "4006381333931",
            "price": "12.50",
            "priceCurrency": "GBP",
            "availability": "https://schema.org/InStock",
        },
    }


def test_several_variants_are_a_group(client: Client, mug: ProductPage) -> None:
    data = structured(client.get("/mugs/mug/"), "ProductGroup")
    assert "sku" not in data
    assert data["productGroupID"] == str(mug.pk)
    assert data["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
    assert data["offers"] == {
        "@type": "AggregateOffer",
        "url": "http://testserver/mugs/mug/",
        "lowPrice": "12.00",
        "highPrice": "15.00",
        "priceCurrency": "GBP",
        "offerCount": 3,
        "availability": "https://schema.org/InStock",
    }
    assert [
        (
            each["name"],
            each["sku"],
            each["color"],
            each["size"],
            each["offers"]["price"],
            each["offers"]["availability"],
        )
        for each in data["hasVariant"]
    ] == [
        ("Mug, Chalk, Small", "CS", "Chalk", "Small", "12.00", "https://schema.org/InStock"),
        ("Mug, Sea, Small", "SS", "Sea", "Small", "13.00", "https://schema.org/InStock"),
        ("Mug, Sea, Large", "SL", "Sea", "Large", "15.00", "https://schema.org/OutOfStock"),
    ]
    assert data["hasVariant"][2]["offers"]["url"] == "http://testserver/mugs/mug/?sku=SL"


def test_a_brand_that_is_still_a_draft_is_not_named(client: Client, mugs: CategoryPage) -> None:
    make_product(title="Cup", slug="cup", parent=mugs, brand=BrandFactory(name="Secret Pottery", live=False))
    assert b"Secret Pottery" not in client.get("/mugs/cup/").content
    assert client.get("/mugs/").context["cards"][0].brand == ""


@pytest.mark.parametrize(
    ("barcode", "expected"),
    [
        ("4006381333931", "4006381333931"),
        ("978-0-306-40615-7", "9780306406157"),
        ("73513537", "73513537"),
        ("036000291452", "036000291452"),
        ("4006381333932", ""),
        ("400638133393", ""),
        ("0000000000000", ""),
        ("", ""),
        ("ABC", ""),
        ("４００６３８１３３３９３１", ""),
    ],
)
def test_only_a_valid_barcode_is_a_gtin(barcode: str, expected: str) -> None:
    assert gtin(barcode) == expected


def test_pictures_come_in_order_and_the_chosen_variants_first(client: Client, mugs: CategoryPage) -> None:
    page = make_product(title="Cup", slug="cup", parent=mugs, sku="A")
    first, second = ImageFactory(title="Front"), ImageFactory(title="Back")
    ProductImageFactory(page=page, image=second, sort_order=2, alt="From behind")
    ProductImageFactory(page=page, image=first, sort_order=1)
    add_variant(page, sku="B", options=[("Colour", "Sea")], image=second)
    other = ImageFactory(title="Rust")
    add_variant(page, sku="C", options=[("Colour", "Rust")], image=other)

    def shown(sku: str) -> list[str]:
        return [picture.alt_text for picture in client.get(f"/mugs/cup/?sku={sku}").context["images"]]

    assert shown("A") == ["Front", "From behind"]
    assert shown("B") == ["From behind", "Front"]
    assert shown("C") == ["Rust", "Front", "From behind"]


def test_related_products_are_of_the_same_category_and_those_in_stock_first(client: Client, mug: ProductPage) -> None:
    mugs = CategoryPage.objects.get(slug="mugs")
    make_product(title="Gone", parent=mugs, stock=0)
    make_product(title="There", parent=mugs)
    make_product(title="Draft", parent=mugs, live=False)
    make_product(title="Elsewhere", parent=CategoryPageFactory(parent=Page.objects.get(slug="home")))
    response = client.get("/mugs/mug/")
    assert [card.title for card in response.context["related"]] == ["There", "Gone"]
    assert response.context["breadcrumbs"] == [
        ("Ipswich Retail", "/"),
        ("Mugs", "/mugs/"),
        ("Mug", "/mugs/mug/"),
    ]


def test_the_page_costs_at_most_six_queries_however_much_it_shows(
    query_budget: Callable[..., Any], mug: ProductPage
) -> None:
    mug.brand = BrandFactory()
    mug.save()
    ProductImageFactory(page=mug)
    few = query_budget("/mugs/mug/", at_most=6)
    for number in range(10):
        ProductImageFactory(page=mug)
        add_variant(mug, options=[("Colour", f"Shade {number}")])
        make_product(parent=mug.get_parent())
    many = query_budget("/mugs/mug/", at_most=6)
    assert len(many.context["offers"]) == 13
    assert many.query_count == few.query_count


def test_the_page_is_the_same_for_everyone(client: Client, mug: ProductPage) -> None:
    response = client.get("/mugs/mug/")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_a_product_that_was_never_saved_can_be_previewed(mugs: CategoryPage) -> None:
    product = ProductPage(title="New cup", slug="new-cup", path=mugs.path + "0009", depth=mugs.depth + 1)
    product.set_url_path(mugs)
    product.images.add(ProductImageFactory.build(image=ImageFactory(title="Draft picture")))
    response = product.make_preview_request()
    assert response.status_code == 200
    assert b"New cup" in response.content
    assert b"Draft picture" in response.content


def test_a_draft_is_previewed_with_its_own_pictures_and_todays_price(mug: ProductPage) -> None:
    ProductImageFactory(page=mug, image=ImageFactory(title="Old picture"))
    draft = ProductPage.objects.get(pk=mug.pk)
    draft.title = "Better mug"
    draft.images.set([ProductImageFactory.build(image=ImageFactory(title="Fresh picture"))])
    draft.save_revision()
    response = draft.get_latest_revision_as_object().make_preview_request()
    html = response.content.decode()
    assert "Better mug" in html
    assert "Fresh picture" in html
    assert "Old picture" not in html
    assert "£12.00" in html
