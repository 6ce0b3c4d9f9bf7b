"""The rows behind product cards follow everything that a card shows."""

from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from wagtail.models import Page, PageViewRestriction, Site

from shop.catalog import listing
from shop.catalog.addresses import page_addresses
from shop.catalog.cards import Card
from shop.catalog.models import ListingRow, ProductPage
from shop.catalog.selectors import cards
from shop.catalog.tests.factories import (
    BrandFactory,
    CategoryPageFactory,
    ImageFactory,
    ProductImageFactory,
    ProductPageFactory,
)
from shop.catalog.thumbnails import ThumbnailData
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Capture = DjangoCaptureOnCommitCallbacks


@pytest.fixture(autouse=True)
def _site(home_page: Page) -> None:
    """Cards have addresses."""


def card(product: ProductPage) -> Card:
    [found] = cards([product.pk])
    return found


def test_a_card_has_everything_that_a_listing_shows() -> None:
    product = make_product(title="Mug", slug="mug", price=1250, compare_at=1500, brand=BrandFactory(name="Orwell"))
    found = card(product)
    assert found == Card(
        pk=product.pk,
        title="Mug",
        url="/mug/",
        summary="Made in Suffolk.",
        brand="Orwell",
        price=1250,
        price_highest=1250,
        compare_at=1500,
        currency="GBP",
        available=True,
        thumbnail=None,
    )
    assert (found.price_text, found.compare_at_text, found.from_price, found.on_sale) == (
        "£12.50",
        "£15.00",
        False,
        True,
    )


def test_the_price_is_of_what_can_be_bought() -> None:
    product = make_product(price=900, stock=0)
    add_variant(product, options=[("Size", "M")], price=1200)
    add_variant(product, options=[("Size", "L")], price=1600)
    add_variant(product, options=[("Size", "XL")], price=100, active=False)
    found = card(product)
    assert (found.price, found.price_highest, found.from_price, found.available) == (1200, 1600, True, True)


def test_a_sold_out_product_keeps_its_price() -> None:
    product = make_product(price=900, stock=0)
    add_variant(product, options=[("Size", "L")], price=1600, stock=0)
    found = card(product)
    assert (found.price, found.price_highest, found.available) == (900, 1600, False)


def test_a_product_without_a_price_has_an_empty_card() -> None:
    found = card(make_product(price=None))
    assert (found.price, found.price_text, found.currency, found.available, found.on_sale) == (
        None,
        "",
        "",
        False,
        False,
    )


def test_a_card_shows_one_currency() -> None:
    product = make_product(price=900, currency="GBP")
    add_variant(product, options=[("Size", "L")], price=100, currency="EUR")
    assert (card(product).price, card(product).currency) == (900, "GBP")


def test_cards_come_in_the_order_asked_for_without_what_is_not_public() -> None:
    first, second, hidden, secret = (make_product(title=title) for title in ("A", "B", "C", "D"))
    ProductPage.objects.filter(pk=hidden.pk).update(live=False)
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    ids = [second.pk, hidden.pk, 999_999, first.pk, secret.pk]
    assert [found.title for found in cards(ids)] == ["B", "A"]
    assert cards([]) == []


def test_24_cards_cost_one_query(
    django_assert_num_queries: DjangoAssertNumQueries, django_capture_on_commit_callbacks: Capture
) -> None:
    products = [make_product() for _ in range(24)]
    ProductImageFactory(page=products[0])
    with django_capture_on_commit_callbacks(execute=True):
        listing.refresh([product.pk for product in products])
    cards(ProductPage.objects.all())
    with django_assert_num_queries(1):
        assert len(cards(ProductPage.objects.live().order_by("-pk"))) == 24


def test_a_card_has_the_address_that_the_page_says() -> None:
    category = CategoryPageFactory(title="Käse & more", slug="käse-und-mehr")
    product = make_product(parent=category, slug="brie")
    assert card(product).url == product.get_url() == "/k%C3%A4se-und-mehr/brie/"
    Site.objects.create(hostname="other.example", root_page=category)
    product = ProductPage.objects.get(pk=product.pk)
    assert card(product).url == product.get_url() == "http://other.example/brie/"
    assert page_addresses()("/nowhere/") == ""


def test_a_missing_row_is_made_by_the_reader() -> None:
    product = make_product(price=1250)
    ListingRow.objects.all().delete()
    assert card(product).price == 1250
    assert ListingRow.objects.get().product_id == product.pk


def test_thumbnails_are_made_in_the_background(django_capture_on_commit_callbacks: Capture) -> None:
    product = make_product()
    ProductImageFactory(page=product, image=ImageFactory(title="Front view"))
    with django_capture_on_commit_callbacks(execute=True):
        listing.refresh([product.pk])
    thumbnail = card(product).thumbnail
    assert thumbnail is not None
    assert (thumbnail.alt, thumbnail.width, thumbnail.height) == ("Front view", 640, 640)
    assert [width for _, width in thumbnail.sources] == [320, 480, 640]
    assert thumbnail.src == thumbnail.sources[1][0]
    assert thumbnail.src.endswith("fill-480x480.format-webp.webp")
    assert thumbnail.srcset == ", ".join(f"{url} {width}w" for url, width in thumbnail.sources)


def test_a_small_picture_is_not_enlarged(django_capture_on_commit_callbacks: Capture) -> None:
    product = make_product()
    ProductImageFactory(page=product, image=ImageFactory(file__width=400, file__height=300), alt="Tiny")
    with django_capture_on_commit_callbacks(execute=True):
        listing.refresh([product.pk])
    thumbnail = card(product).thumbnail
    assert thumbnail is not None
    assert [width for _, width in thumbnail.sources] == [300]
    assert (thumbnail.alt, thumbnail.src) == ("Tiny", thumbnail.sources[0][0])


def test_a_picture_without_a_file_leaves_the_others_in_peace(
    django_capture_on_commit_callbacks: Capture, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = make_product(), make_product()
    image = ProductImageFactory(page=broken).image
    image.file.storage.delete(image.file.name)
    ProductImageFactory(page=whole)
    with django_capture_on_commit_callbacks(execute=True):
        listing.refresh([broken.pk, whole.pk])
    assert card(broken).thumbnail is None
    assert card(whole).thumbnail is not None
    assert f"Image {image.pk} has no usable file" in caplog.text


def publish_with(product: ProductPage, title: str) -> None:
    draft = ProductPage.objects.get(pk=product.pk).get_latest_revision_as_object()
    draft.images.set([ProductImageFactory.build(image=ImageFactory(title=title))])
    draft.save_revision().publish()


def picture_file(name: str) -> ContentFile:
    content = BytesIO()
    Image.new("RGB", (900, 900), "teal").save(content, "PNG")
    return ContentFile(content.getvalue(), name)


def shown(product: ProductPage) -> ThumbnailData:
    found = card(product).thumbnail
    assert found is not None
    return found


def test_a_published_picture_reaches_the_card_and_a_draft_does_not(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    product = make_product()
    with django_capture_on_commit_callbacks(execute=True):
        publish_with(product, "Old")
    draft = ProductPage.objects.get(pk=product.pk)
    draft.images.set([ProductImageFactory.build(image=ImageFactory(title="Draft"))])
    with django_capture_on_commit_callbacks(execute=True):
        revision = draft.save_revision()
    assert shown(product).alt == "Old"
    with django_capture_on_commit_callbacks(execute=True):
        revision.publish()
    assert shown(product).alt == "Draft"


def test_an_image_that_is_changed_in_code(django_capture_on_commit_callbacks: Capture) -> None:
    product = make_product()
    with django_capture_on_commit_callbacks(execute=True):
        publish_with(product, "Front")
    image = product.images.get().image
    image.file = picture_file("another.png")
    image.description = "Another view"
    with django_capture_on_commit_callbacks(execute=True):
        image.save()
    after = shown(product)
    assert after.alt == "Another view"
    assert "/another" in after.src


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_replaced_in_the_library(
    admin_client: Client, home_page: Page, settings: Any, tmp_path: Path
) -> None:
    """Not inside a transaction of the test, so that tasks run as early as they ever do."""
    settings.MEDIA_ROOT = tmp_path
    product = make_product()
    publish_with(product, "Front")
    image = product.images.get().image
    upload = SimpleUploadedFile("another.png", picture_file("another.png").read(), "image/png")
    address = reverse("wagtailimages:edit", args=[image.pk])
    fields = {"title": "Front", "file": upload, "description": "", "credit": "", "tags": ""}
    response = admin_client.post(address, {**fields, "collection": image.collection_id})
    assert response.status_code == 302
    for url, _ in shown(product).sources:
        assert "/another" in url
        assert (tmp_path / url.removeprefix(settings.MEDIA_URL)).exists()


def test_an_image_that_is_deleted_from_the_library(django_capture_on_commit_callbacks: Capture) -> None:
    product = make_product()
    with django_capture_on_commit_callbacks(execute=True):
        publish_with(product, "Front")
    with django_capture_on_commit_callbacks(execute=True):
        product.images.get().image.delete()
    assert card(product).thumbnail is None


def test_unpublishing_moving_and_deleting_reach_the_card(django_capture_on_commit_callbacks: Capture) -> None:
    product = make_product(title="Mug", slug="mug")
    shelf = CategoryPageFactory(title="Shelf", slug="shelf")
    with django_capture_on_commit_callbacks(execute=True):
        product.move(shelf, pos="last-child")
    product = ProductPage.objects.get(pk=product.pk)
    assert card(product).url == "/shelf/mug/"
    with django_capture_on_commit_callbacks(execute=True):
        product.unpublish()
    assert cards([product.pk]) == []
    with django_capture_on_commit_callbacks(execute=True):
        product.delete()
    assert not ListingRow.objects.exists()


def test_a_new_page_has_a_row_at_once(django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        product = ProductPageFactory()
    assert ListingRow.objects.get().product_id == product.pk


def test_only_rows_whose_moment_has_come_are_refreshed() -> None:
    due, later = make_product(), make_product()
    now = timezone.now()
    ListingRow.objects.update(price=1)
    ListingRow.objects.filter(product=due).update(stale_at=now)
    ListingRow.objects.filter(product=later).update(stale_at=now + timedelta(hours=1))
    assert listing.refresh_due(at=now) == 1
    assert ListingRow.objects.get(product=due).price == 1250
    assert ListingRow.objects.get(product=later).price == 1


def test_rebuilding_repairs_every_row(django_capture_on_commit_callbacks: Capture) -> None:
    product = make_product(price=1250)
    ListingRow.objects.update(price=1, available=False, thumbnail={"alt": "", "sources": [["/gone", 1]]})
    out = StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("rebuild_listing", stdout=out)
    row = ListingRow.objects.get(product=product)
    assert (row.price, row.available, row.thumbnail) == (1250, True, {})
    assert out.getvalue().startswith("1 products in ")


def test_refreshing_costs_the_same_for_1_and_for_50_products(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    products = [make_product() for _ in range(50)]
    for count in (1, 50):
        ListingRow.objects.update(price=1)
        # One for each source of a fact is among them (shop/catalog/listing_facts.py).
        with django_assert_num_queries(14):
            listing.refresh([product.pk for product in products[:count]])


def test_thumbnail_data_survives_its_stored_form() -> None:
    data = ThumbnailData("Mug", 640, 640, (("/a.webp", 320), ("/b.webp", 640)))
    assert ThumbnailData.from_json(data.as_json()) == data
    assert ThumbnailData.from_json({}) is None
    assert ThumbnailData.from_json(None) is None
    assert ThumbnailData("", 640, 640, (("/b.webp", 640),)).src == "/b.webp"
