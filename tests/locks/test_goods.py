"""Two changes of the same product, price, stock or picture at once."""

from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from cms import pictures
from cms.tests.factories import ImageFactory
from shop.accounts.tests.factories import AdminFactory
from shop.catalog import bulk, listing
from shop.catalog.bundles import BundleError, set_components
from shop.catalog.digital import DigitalError, set_digital
from shop.catalog.models import BundleComponent, DigitalFile, ListingRow, ProductPage, Variant
from shop.catalog.tests.factories import CategoryPageFactory, ProductPageFactory
from shop.catalog.variant_generator import generate
from shop.checkout.ledger import violations
from shop.checkout.tests.factories import stock
from shop.inventory import locations
from shop.inventory import services as inventory
from shop.inventory.errors import StockError
from shop.inventory.models import StockItem, StockLocation
from shop.pricing.models import Price, PriceProposal
from shop.pricing.proposing import Wanted, apply, propose
from shop.pricing.services import set_price
from shop.reviews.models import Review, Status
from shop.reviews.services import moderate
from shop.reviews.tests.factories import ReviewFactory
from shop.stock_alerts import letters
from shop.stock_alerts.models import StockAlert
from tests.factories import add_variant, make_product
from tests.fixtures.concurrency import Overlap

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mug(home_page: Page) -> ProductPage:
    """£12.50, ten of them."""
    return make_product(sku="MUG", stock=10)


@pytest.fixture
def attic(home_page: Page) -> StockLocation:
    return StockLocation.objects.create(name="Attic", code="attic")


class TestStock:
    def test_both_receipts_count(self, mug: ProductPage, overlap: Overlap) -> None:
        overlap(*[lambda: inventory.receive(sku="MUG", quantity=1)] * 2)
        assert stock("MUG") == (12, 0)
        assert violations() == []

    def test_a_location_is_closed_once(self, mug: ProductPage, attic: StockLocation, overlap: Overlap) -> None:
        inventory.receive(sku="MUG", quantity=3, location=attic)
        overlap(*[lambda: locations.set_active(location=attic, active=False)] * 2)
        assert StockItem.objects.get(sku="MUG").unavailable == 3
        assert violations() == []

    def test_no_location_is_closed_whose_units_are_being_promised(
        self, mug: ProductPage, attic: StockLocation, overlap: Overlap
    ) -> None:
        inventory.receive(sku="MUG", quantity=3, location=attic)
        _, late = overlap(
            lambda: inventory.reserve({"MUG": 13}), lambda: locations.set_active(location=attic, active=False)
        )
        assert isinstance(late, StockError)
        assert StockLocation.objects.get(pk=attic.pk).active


class TestPrices:
    def test_the_same_price_is_written_once(self, mug: ProductPage, overlap: Overlap) -> None:
        variant = mug.variants.get()
        overlap(*[lambda: set_price(variant=variant, amount=900, currency="GBP")] * 2)
        assert Price.objects.filter(variant=variant, amount=900).count() == 1

    def test_a_proposal_is_applied_by_one(self, mug: ProductPage, overlap: Overlap) -> None:
        ann, bob = AdminFactory(), AdminFactory()
        made = propose(title="Sale", wanted=[Wanted("MUG", 900)], currency="GBP", user=ann)

        def press(user: Any) -> None:
            apply(proposal=PriceProposal.objects.get(pk=made.pk), user=user)

        overlap(lambda: press(ann), lambda: press(bob))
        assert PriceProposal.objects.get(pk=made.pk).applied_by == ann


class TestProducts:
    def test_a_listing_shows_what_both_have_changed(self, mug: ProductPage, overlap: Overlap) -> None:
        dear = add_variant(mug, sku="DEAR", options=[("Colour", "Sea")], price=9900)

        def take_out_of_range() -> None:
            # It has looked before the change: whoever comes now has to wait for it.
            listing.refresh([mug.pk])
            mug.variants.exclude(pk=dear.pk).update(active=False)

        def sell_out() -> None:
            StockItem.objects.filter(sku="DEAR").update(on_hand=0)
            listing.refresh([mug.pk])

        overlap(take_out_of_range, sell_out)
        row = ListingRow.objects.get(product=mug)
        assert (row.price, row.available) == (9900, False)

    def test_a_bundle_that_is_being_made_is_no_download(self, mug: ProductPage, overlap: Overlap) -> None:
        variant = make_product(sku="SET", stock=0).variants.get()
        DigitalFile.objects.create(sku="SET", title="Leaflet", file="leaflet.pdf", size=1)
        _, late = overlap(
            lambda: set_components(variant=variant, quantities={"MUG": 2}),
            lambda: set_digital(variant=Variant.objects.get(sku="SET"), digital=True),
        )
        assert isinstance(late, DigitalError)
        assert not Variant.objects.get(sku="SET").digital

    def test_a_download_that_is_being_made_is_no_bundle(self, mug: ProductPage, overlap: Overlap) -> None:
        make_product(sku="SET", stock=0)
        DigitalFile.objects.create(sku="SET", title="Leaflet", file="leaflet.pdf", size=1)
        seen = Variant.objects.get(sku="SET")
        _, late = overlap(
            lambda: set_digital(variant=Variant.objects.get(sku="SET"), digital=True),
            lambda: set_components(variant=seen, quantities={"MUG": 2}),
        )
        assert isinstance(late, BundleError)
        assert not BundleComponent.objects.exists()

    def test_variants_are_generated_once(self, mug: ProductPage, overlap: Overlap) -> None:
        options = [("Colour", ["Sea", "Rust"])]
        first, late = overlap(*[lambda: generate(product=mug, options=options, sku_prefix="MUG")] * 2)
        assert ([variant.sku for variant in first], late) == (["MUG-SEA", "MUG-RUST"], [])

    def test_first_variants_are_generated_once(self, home_page: Page, overlap: Overlap) -> None:
        mat = ProductPageFactory(title="Mat", slug="mat")
        options = [("Colour", ["Sea", "Rust"])]
        first, late = overlap(*[lambda: generate(product=mat, options=options, sku_prefix="MAT")] * 2)
        assert ([variant.sku for variant in first], late) == (["MAT-SEA", "MAT-RUST"], [])

    def test_pages_are_added_beside_each_other(self, home_page: Page, overlap: Overlap) -> None:
        shop = CategoryPageFactory(title="Shop", slug="shop")
        overlap(
            *(
                lambda slug=slug: bulk.add_pages([(shop.pk, ProductPage(title=slug, slug=slug))])
                for slug in ("mug", "jug")
            )
        )
        shop.refresh_from_db()
        assert [page.slug for page in shop.get_children()] == ["mug", "jug"]
        assert shop.numchild == 2


def test_a_picture_has_the_sizes_of_both(home_page: Page, overlap: Overlap) -> None:
    image = ImageFactory(title="Mug")
    names = "width-480|format-webp", "width-320|format-webp"
    overlap(*(lambda name=name: pictures.make(type(image).objects.get(pk=image.pk), [name]) for name in names))
    image.refresh_from_db()
    assert set(names) <= set(image.sizes["made"])


def test_a_review_is_published_once(home_page: Page, overlap: Overlap) -> None:
    ann, bob = AdminFactory(), AdminFactory()
    review = ReviewFactory(status=Status.PENDING, product=ProductPageFactory(title="Mug"))

    def publish(user: Any) -> int:
        with transaction.atomic():
            return moderate(ids=[review.pk], status=Status.APPROVED, user=user)

    assert overlap(lambda: publish(ann), lambda: publish(bob)) == (1, 0)
    assert Review.objects.get().moderated_by == ann


def test_a_letter_is_sent_by_the_worker_that_claims_it(mug: ProductPage, overlap: Overlap) -> None:
    StockAlert.objects.create(sku="MUG", email="ann@example.com")
    _, late = overlap(lambda: StockAlert.objects.update(claimed_at=timezone.now()), letters.send_due)
    assert (late, mail.outbox) == ((0, 0), [])
