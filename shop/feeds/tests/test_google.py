"""The file for Google Merchant Center."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction, Site

from cms.tests.factories import ImageFactory
from shop.catalog.models import Variant
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory, ProductImageFactory
from shop.feeds import items, services
from shop.feeds.google import NAMESPACE
from shop.feeds.services import build_google, google_path
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _folder(home_page: object, settings: Any, tmp_path: Path) -> None:
    settings.FEEDS_DIR = tmp_path / "feeds"


def built() -> list[list[tuple[str, str]]]:
    """The items of a new file: name and text of each field in order."""
    build_google()
    tree = ElementTree.parse(google_path())  # noqa: S314  (written by our own code)
    return [
        [(field.tag.removeprefix(f"{{{NAMESPACE}}}"), field.text or "") for field in item]
        for item in tree.getroot().iter("item")
    ]


def test_a_product_with_everything() -> None:
    mugs = CategoryPageFactory(title="Mugs", slug="mugs", parent=CategoryPageFactory(title="Kitchen", slug="kitchen"))
    mug = make_product(
        title="Stoneware mug",
        slug="mug",
        parent=mugs,
        sku="MUG-S",
        price=1250,
        compare_at=1500,
        summary="Holds half a pint.",
        body="<p>Thrown by hand</p><p>&amp; fired twice.</p>",
        brand=BrandFactory(name="Orwell & Sons"),
    )
    mug.variants.update(options=[["Colour", "Sea"], ["Finish", "Matt"]], barcode="4006381333931", weight=320)
    add_variant(mug, sku="MUG-C", options=[("Colour", "Chalk")], price=1400, stock=0)
    picture = ProductImageFactory(page=mug)
    first, second = built()
    assert first == [
        ("id", "MUG-S"),
        ("title", "Stoneware mug, Sea, Matt"),
        ("description", "Holds half a pint. Thrown by hand & fired twice."),
        ("link", "http://testserver/kitchen/mugs/mug/?sku=MUG-S"),
        ("image_link", f"http://testserver{picture.image.file.url}"),
        ("availability", "in_stock"),
        ("price", "15.00 GBP"),
        ("sale_price", "12.50 GBP"),
        ("condition", "new"),
        ("brand", "Orwell & Sons"),
        ("gtin", "4006381333931"),
        ("item_group_id", str(mug.pk)),
        ("color", "Sea"),
        ("product_type", "Kitchen > Mugs"),
        ("shipping_weight", "320 g"),
    ]
    assert dict(second) | {"availability": "out_of_stock", "price": "14.00 GBP", "color": "Chalk"} == dict(second)
    assert "sale_price" not in dict(second)


def test_a_plain_product_has_a_plain_address() -> None:
    make_product(title="Cup", slug="cup", sku="CUP", price=500, summary="")
    (fields,) = [dict(item) for item in built()]
    assert fields["link"] == "http://testserver/cup/"
    assert fields["identifier_exists"] == "no"
    assert fields["description"] == "Cup"
    assert "item_group_id" not in fields


def test_only_what_visitors_may_see_and_buy_for_money() -> None:
    make_product(title="Shown", sku="SHOWN")
    make_product(title="Draft", sku="DRAFT", live=False)
    secret = CategoryPageFactory(title="Trade")
    make_product(title="Secret", sku="SECRET", parent=secret)
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    make_product(title="Unpriced", sku="UNPRICED", price=None)
    retired = make_product(title="Retired", sku="RETIRED")
    retired.variants.update(active=False)
    make_product(title="Free", sku="FREE", price=0)
    make_product(title="Long", sku="L" * 51)
    assert [dict(item)["id"] for item in built()] == ["SHOWN"]
    feed = build_google()
    assert (feed.items, feed.left_out) == (1, 2)


def test_nothing_breaks_the_file() -> None:
    make_product(title="Mug <b>&</b> \x0b\ufffe\U0001f375", sku="A&B<C>", price=1, summary="]]> " + "x" * 200)
    (fields,) = [dict(item) for item in built()]
    assert fields["id"] == "A&B<C>"
    assert fields["title"] == "Mug <b>&</b> \U0001f375"
    assert fields["description"].startswith("]]> x")


def test_limits_of_the_format() -> None:
    product = make_product(title="M" * 200, sku="MUG", body=f"<p>{'word ' * 3000}</p>")
    for _ in range(14):
        ProductImageFactory(page=product, image=ImageFactory())
    (item,) = built()
    fields = dict(item)
    assert (len(fields["title"]), len(fields["description"])) == (150, 5000)
    assert [name for name, _ in item].count("additional_image_link") == 10


def test_queries_do_not_grow_with_the_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            list(items.items(Site.objects.get()))
        return len(queries)

    for number in range(3):
        make_product(title=f"Mug {number}")
    count()  # what each process remembers
    few = count()
    for number in range(3, 12):
        make_product(title=f"Mug {number}")
    assert count() == few
    monkeypatch.setattr(items, "BATCH", 5)
    assert [item.title for item in items.items(Site.objects.get())] == [f"Mug {number}" for number in range(12)]


def test_the_old_file_stays_until_the_new_one_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    make_product(title="Cup", sku="CUP")
    before = build_google().path.read_bytes()
    monkeypatch.setattr(services, "items", lambda site: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="the disk is full"):
        build_google()
    assert google_path().read_bytes() == before
    assert [path.name for path in google_path().parent.iterdir()] == ["google.xml"]


def test_the_first_visit_makes_it(client: Client) -> None:
    caches["default"].clear()
    make_product(title="Cup", sku="CUP")
    response: Any = client.get("/feeds/google.xml")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert b"<g:id>CUP</g:id>" in b"".join(response.streaming_content)
    assert not response.cookies


def test_without_a_file_somebody_is_asked_to_come_back(client: Client) -> None:
    caches["default"].set("feeds:google-asked", 1)
    response = client.get("/feeds/google.xml")
    assert (response.status_code, response["Retry-After"]) == (503, "60")


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    make_product(title="Cup", sku="CUP")
    make_product(title="Free", sku="FREE", price=0)
    call_command("build_feeds")
    assert capsys.readouterr().out == (
        f"{google_path()}: 1 items; 1 left out (no price above 0, or a SKU of more than 50 characters)\n"
    )
    Variant.objects.filter(sku="FREE").delete()
    Site.objects.all().delete()
    with pytest.raises(CommandError, match="no default site"):
        call_command("build_feeds")
