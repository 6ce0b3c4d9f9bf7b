"""Foreign keys point downwards only, whether they name a class or a string."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.rooms import heights, wrong_relations


def bare(*names: str) -> list[AppConfig]:
    """The apps without what they do when they start: they have done it already."""
    return [AppConfig(name, import_module(name)) for name in names]


def test_no_relation_points_up_or_sideways() -> None:
    assert wrong_relations(apps.get_models(include_auto_created=True)) == []


def test_every_app_of_ours_has_a_place_in_the_house() -> None:
    from tests.architecture.test_layout import own_apps

    assert {config.name for config in own_apps()} - set(heights()) == set()


def test_heights_follow_the_house() -> None:
    height = heights()
    order = ["cms", "shop.money", "shop.catalog", "shop.pricing", "shop.cart", "shop.orders", "shop.payments"]
    order += ["shop.checkout", "shop.imports", "home", "storefront"]
    assert [height[room] for room in order] == sorted({height[room] for room in order})
    assert height["shop.pricing"] == height["shop.inventory"] == height["shop.accounts"]
    assert height["home"] == height["search"]


@isolate_apps(*bare("shop.catalog", "shop.cart", "shop.inventory", "shop.pricing"))
def test_a_relation_in_the_wrong_direction_is_reported() -> None:
    class Basket(models.Model):
        class Meta:
            app_label = "cart"

    class Shelf(models.Model):
        class Meta:
            app_label = "inventory"

    class Product(models.Model):
        basket = models.ForeignKey("cart.Basket", on_delete=models.CASCADE)
        shelves: Any = models.ManyToManyField("inventory.Shelf")  # type: ignore[misc]  # exists in this test only
        itself = models.ForeignKey("self", on_delete=models.CASCADE)

        class Meta:
            app_label = "catalog"

    class Tariff(models.Model):
        shelf = models.OneToOneField(Shelf, on_delete=models.CASCADE)
        product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE)

        class Meta:
            app_label = "pricing"

    through = Product.shelves.through
    assert wrong_relations([Basket, Shelf, Product, through, Tariff]) == [
        "catalog.Product.basket points at cart.Basket: shop.catalog is below it.",
        "catalog.Product.shelves points at inventory.Shelf: shop.catalog is below it.",
        "catalog.Product_shelves.shelf points at inventory.Shelf: shop.catalog is below it.",
        "pricing.Tariff.shelf points at inventory.Shelf: shop.pricing is below it.",
    ]


@isolate_apps(*bare("shop.catalog", "shop.accounts", "cms"))
def test_users_and_pictures_may_be_pointed_at_from_everywhere() -> None:
    class User(models.Model):
        class Meta:
            app_label = "accounts"

    class CustomImage(models.Model):
        class Meta:
            app_label = "cms"

    class Product(models.Model):
        editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
        image = models.ForeignKey("cms.CustomImage", on_delete=models.CASCADE)

        class Meta:
            app_label = "catalog"

    assert wrong_relations([User, CustomImage, Product]) == []
