"""Badges follow from price, stock and date."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from shop.catalog.badges import NEW_FOR, badges, percent_off
from shop.catalog.models import ProductPage
from shop.catalog.selectors import cards
from tests.factories import make_product

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def labels(**changes: Any) -> list[str]:
    facts: dict[str, Any] = {"price": 800, "compare_at": None, "available": True, "low_stock": False, "published": None}
    return [badge.label for badge in badges(**{**facts, **changes}, now=NOW)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"published": NOW - NEW_FOR}, ["New"]),
        ({"published": NOW - NEW_FOR - timedelta(seconds=1)}, []),
        ({"low_stock": True}, ["Low stock"]),
        ({"compare_at": 1000}, ["Sale −20%"]),
        ({"compare_at": 801}, ["Sale"]),
        ({"compare_at": 800}, []),
        ({"compare_at": 700}, []),
        ({"compare_at": 1000, "low_stock": True, "published": NOW}, ["Sale −20%", "Low stock", "New"]),
        ({"available": False, "compare_at": 1000, "low_stock": True, "published": NOW}, ["Sold out"]),
        ({"price": None, "available": False, "published": NOW}, ["Coming soon"]),
    ],
)
def test_which_badges(facts: dict[str, Any], expected: list[str]) -> None:
    assert labels(**facts) == expected


@pytest.mark.parametrize(
    ("price", "compare_at", "percent"), [(801, 1000, 19), (0, 1000, 100), (999, 1000, 0), (1000, None, 0), (0, 0, 0)]
)
def test_a_percentage_never_promises_too_much(price: int, compare_at: int | None, percent: int) -> None:
    assert percent_off(price, compare_at) == percent


@pytest.mark.django_db
def test_a_card_knows_how_old_its_product_is(home_page: Page) -> None:
    new = make_product(title="New lamp", compare_at=2500)
    old = make_product(title="Old lamp")
    ProductPage.objects.filter(pk=new.pk).update(first_published_at=timezone.now() - timedelta(days=1))
    ProductPage.objects.filter(pk=old.pk).update(first_published_at=timezone.now() - NEW_FOR - timedelta(days=1))
    found = {card.title: [badge.label for badge in card.badges] for card in cards([new.pk, old.pk])}
    assert found == {"New lamp": ["Sale −50%", "New"], "Old lamp": []}


@pytest.mark.django_db
def test_a_product_page_shows_the_badges_of_the_chosen_variant(home_page: Page, client: Client) -> None:
    make_product(title="Lamp", slug="lamp", price=1000, compare_at=1500)
    html = client.get("/lamp/").content.decode()
    assert '<span class="badge badge--sale">Sale −33%</span>' in html
