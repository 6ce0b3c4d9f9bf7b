"""A small shop with one of everything that a shopper meets."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from home.models import ContentPage, HomePage, StoryIndexPage, StoryPage
from shop.catalog.models import CategoryPage, ProductPage
from shop.catalog.tests.factories import CategoryPageFactory, ImageFactory, ProductImageFactory
from tests.factories import make_product


@dataclass(frozen=True)
class SmallShop:
    """Addresses are absolute."""

    url: str
    home: HomePage
    category: CategoryPage
    mug: ProductPage
    content: ContentPage
    story: StoryPage

    def address(self, page: Any) -> str:
        """Where the live server answers for a page."""
        return f"{self.url}{page.relative_url(page.get_site())}"


@pytest.fixture
def small_shop(live_server: Any, home_page: HomePage) -> SmallShop:
    """A category with a mug in stock and others, a content page and a story."""
    category = CategoryPageFactory(parent=home_page, title="Tableware", slug="tableware", intro="Plates and mugs.")
    picture = ImageFactory(title="A mug", description="A grey mug on a shelf")
    mug = make_product(parent=category, title="Stoneware mug", slug="stoneware-mug", sku="MUG-1", price=1800, stock=5)
    ProductImageFactory(page=mug, image=picture)
    make_product(parent=category, title="Dinner plate", slug="dinner-plate", sku="PLATE-1", price=2200, stock=0)
    make_product(parent=category, title="Salt pig", slug="salt-pig", sku="SALT-1", price=2600, compare_at=3000, stock=2)
    content = home_page.add_child(
        instance=ContentPage(
            title="Delivery", slug="delivery", body=[("rich_text", "<h2>Two days</h2><p>By bicycle.</p>")]
        )
    )
    journal = home_page.add_child(instance=StoryIndexPage(title="Journal", slug="journal", intro="Visits."))
    story = journal.add_child(
        instance=StoryPage(
            title="Sixty before lunch",
            slug="sixty-before-lunch",
            published_on=date(2026, 10, 3),
            body=[("rich_text", "<p>At the wheel by seven.</p>"), ("quote", {"text": "Stop in time."})],
        )
    )
    return SmallShop(live_server.url, home_page, category, mug, content, story)
