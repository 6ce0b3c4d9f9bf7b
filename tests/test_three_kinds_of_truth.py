"""Content lives in revisions; prices, stock and variants do not, and nothing that content does moves them."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from shop.catalog.models import ListingRow, ProductPage, Variant
from shop.catalog.selectors import cards
from shop.inventory import services as inventory
from shop.inventory.models import StockItem, StockMovement
from shop.pricing import services as pricing
from shop.pricing.models import Price
from shop.pricing.selectors import current_quotes
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@dataclass
class Truth:
    """What the shop would sell now."""

    title: str
    price: int
    stock: int
    skus: list[str]


def truth(page_id: int) -> Truth:
    page = ProductPage.objects.get(pk=page_id)
    variant = page.variants.get(sku="MUG")
    item = StockItem.objects.get(sku="MUG")
    return Truth(
        page.title,
        current_quotes([variant.pk])[variant.pk].amount,
        item.on_hand - item.reserved,
        list(page.variants.values_list("sku", flat=True)),
    )


@pytest.fixture
def mug(home_page: Page) -> ProductPage:
    """Live, 10 in stock at 1.00."""
    return make_product(title="Mug", slug="mug", sku="MUG", price=100, stock=10)


def business_goes_on(page_id: int) -> None:
    """7 are sold, the price becomes 90, a variant is imported."""
    inventory.reserve({"MUG": 7})
    inventory.commit_sale({"MUG": 7}, "C-1")
    page = ProductPage.objects.get(pk=page_id)
    pricing.set_price(variant=page.variants.get(sku="MUG"), amount=90, currency="GBP")
    add_variant(page, sku="MUG-SEA", options=[("Colour", "Sea")], price=95, stock=4)


AFTER = Truth("Better mug", 90, 3, ["MUG", "MUG-SEA"])


def test_publishing_an_old_draft_moves_neither_price_nor_stock_nor_variants(mug: ProductPage) -> None:
    mug.title = "Better mug"
    draft = mug.save_revision()
    variant_ids = list(mug.variants.values_list("pk", flat=True))
    business_goes_on(mug.pk)
    draft.publish()
    assert truth(mug.pk) == AFTER
    assert list(mug.variants.values_list("pk", flat=True))[:1] == variant_ids


def test_reverting_to_an_old_revision_does_not_either(mug: ProductPage) -> None:
    first = mug.save_revision()
    mug.title = "Better mug"
    mug.save_revision().publish()
    business_goes_on(mug.pk)
    assert truth(mug.pk) == AFTER
    first.as_object().save_revision(previous_revision=first).publish()
    assert truth(mug.pk) == Truth("Mug", 90, 3, ["MUG", "MUG-SEA"])


def empty_formsets(*names: str) -> dict[str, str]:
    """What the form says of lists without entries."""
    return {f"{name}-{count}_FORMS": "0" for name in names for count in ("TOTAL", "INITIAL")}


def test_an_editor_who_publishes_an_old_draft_in_the_admin_does_not_either(
    mug: ProductPage, admin_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    mug.save_revision()
    form = nested_form_data(
        {
            "title": "Better mug",
            "slug": "mug",
            "summary": "Thrown in Suffolk.",
            "body": "null",
            "details": streamfield([]),
            **empty_formsets("images", "related_products", "cross_sell_products", "comments"),
            # What a page of yesterday might still post: nothing of it is a field of the page's form.
            "sku": "STOLEN",
            "price_amount": "1.00",
            "variants-TOTAL_FORMS": "0",
            "variants-INITIAL_FORMS": "1",
        }
    )
    address = reverse("wagtailadmin_pages:edit", args=[mug.pk])
    assert admin_client.post(address, form).status_code == 302
    assert ProductPage.objects.get(pk=mug.pk).title == "Mug"
    with django_capture_on_commit_callbacks(execute=True):
        business_goes_on(mug.pk)
        assert admin_client.post(address, {**form, "action-publish": "1"}).status_code == 302
    assert truth(mug.pk) == AFTER
    [card] = cards([mug.pk])
    assert (card.title, card.price, card.summary) == ("Better mug", 90, "Thrown in Suffolk.")


def test_a_copied_page_is_new_content_without_anything_to_sell(
    mug: ProductPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        copy = mug.copy(update_attrs={"slug": "mug-2", "title": "Second mug"})
    assert list(copy.variants.all()) == []
    assert truth(mug.pk) == Truth("Mug", 100, 10, ["MUG"])
    row = ListingRow.objects.get(product=copy)
    assert (row.price, row.available) == (None, False)


def test_an_unpublished_page_keeps_everything_for_its_return(mug: ProductPage) -> None:
    mug.unpublish()
    business_goes_on(mug.pk)
    page = ProductPage.objects.get(pk=mug.pk)
    page.title = "Better mug"
    page.save_revision().publish()
    assert truth(mug.pk) == AFTER


def test_deleting_a_page_leaves_the_ledger(mug: ProductPage) -> None:
    business_goes_on(mug.pk)
    ProductPage.objects.get(pk=mug.pk).delete()
    assert not Variant.objects.exists()
    assert not Price.objects.exists()
    assert not ListingRow.objects.exists()
    assert StockItem.objects.get(sku="MUG").on_hand == 3
    moved = StockMovement.objects.filter(item__sku="MUG").order_by("pk")
    assert [(line.kind, line.quantity, line.reference) for line in moved] == [("opening", 10, ""), ("sale", -7, "C-1")]


def test_comparing_revisions_shows_content_only(mug: ProductPage, admin_client: Client) -> None:
    first = mug.save_revision()
    mug.title = "Better mug"
    second = mug.save_revision()
    business_goes_on(mug.pk)
    response = admin_client.get(reverse("wagtailadmin_pages:revisions_compare", args=[mug.pk, first.pk, second.pk]))
    assert response.status_code == 200
    assert [str(item.field_label()) for item in response.context["comparison"]] == ["Title"]
