"""Products beside a product and beside a cart."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from shop.catalog.models import CategoryPage, CrossSellProduct, ProductPage, RelatedProduct
from shop.catalog.related import cross_sell, related
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def mugs(home_page: Page) -> CategoryPage:
    return CategoryPageFactory(title="Mugs", slug="mugs")


def titles(cards: Any) -> list[str]:
    return [card.title for card in cards]


def relate(product: ProductPage, *others: ProductPage, model: Any = RelatedProduct) -> None:
    for place, other in enumerate(others):
        model.objects.create(page=product, product=other, sort_order=place)


def test_an_editors_choice_replaces_what_the_shop_finds(mugs: CategoryPage) -> None:
    mug, jug, bowl = (make_product(title=title, parent=mugs) for title in ("Mug", "Jug", "Bowl"))
    elsewhere = make_product(title="Tray")
    relate(mug, elsewhere, bowl)
    assert titles(related(ProductPage.objects.get(pk=mug.pk))) == ["Tray", "Bowl"]
    assert titles(related(jug)) == ["Bowl", "Mug"]


def test_a_choice_that_is_not_public_is_left_out(mugs: CategoryPage) -> None:
    mug, bowl, jug = (make_product(title=title, parent=mugs) for title in ("Mug", "Bowl", "Jug"))
    relate(mug, bowl, jug)
    bowl.unpublish()
    assert titles(related(mug)) == ["Jug"]


def test_the_same_brand_comes_first(mugs: CategoryPage) -> None:
    pottery = BrandFactory()
    mug = make_product(title="Mug", parent=mugs, brand=pottery)
    make_product(title="Same maker", parent=mugs, brand=pottery)
    make_product(title="Another maker", parent=mugs)
    make_product(title="Below", parent=CategoryPageFactory(parent=mugs), brand=pottery)
    assert titles(related(mug)) == ["Same maker", "Another maker"]


def test_a_draft_is_previewed_with_its_own_choice(mugs: CategoryPage) -> None:
    mug, bowl = make_product(title="Mug", parent=mugs), make_product(title="Bowl")
    draft = ProductPage.objects.get(pk=mug.pk)
    draft.related_products.set([RelatedProduct(product=bowl)])
    draft.save_revision()
    assert titles(related(draft.get_latest_revision_as_object())) == ["Bowl"]
    assert titles(related(ProductPage.objects.get(pk=mug.pk))) == []


def test_the_cart_offers_what_an_editor_chose(mugs: CategoryPage) -> None:
    mug = make_product(title="Mug", sku="MUG", parent=mugs)
    tray, tea, gone = make_product(title="Tray"), make_product(title="Tea"), make_product(title="Gone", stock=0)
    relate(mug, gone, tray, tea, model=CrossSellProduct)
    assert titles(cross_sell(skus=["MUG"])) == ["Tray", "Tea"]


def test_what_is_in_the_cart_is_not_offered_again(mugs: CategoryPage) -> None:
    mug = make_product(title="Mug", sku="MUG", parent=mugs)
    tray = make_product(title="Tray", sku="TRAY", parent=mugs)
    bowl = make_product(title="Bowl", parent=mugs)
    relate(mug, tray, model=CrossSellProduct)
    assert titles(cross_sell(skus=["MUG", "TRAY"])) == [bowl.title]
    assert cross_sell(skus=["NOTHING"]) == []


def test_tags_belong_to_the_revision(client: Client, mugs: CategoryPage) -> None:
    mug = make_product(title="Mug", parent=mugs)
    mug.tags.add("gift", "blue")
    revision = mug.save_revision()
    assert set(ProductPage.objects.get(pk=mug.pk).tags.names()) == set()
    revision.publish()
    assert set(ProductPage.objects.get(pk=mug.pk).tags.names()) == {"gift", "blue"}
