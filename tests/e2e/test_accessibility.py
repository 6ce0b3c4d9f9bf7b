"""axe finds nothing on any kind of page, light and dark; no page scrolls sideways at 320 px."""

from typing import TYPE_CHECKING

import pytest

from shop.catalog import listing
from shop.reviews.tests.factories import ReviewFactory
from tests.e2e.conftest import SmallShop

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NARROWEST = 320


def use_the_shop(page: "Page", shop: SmallShop) -> None:
    for stars in (5, 3):
        ReviewFactory(product=shop.mug, stars=stars, verified=stars == 5, answer="Thank you." if stars == 3 else "")
    listing.refresh([shop.mug.pk])
    page.goto(shop.address(shop.mug))
    page.get_by_role("button", name="Put on my list").click()
    page.get_by_role("button", name="On your list").wait_for()
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("dialog").get_by_role("link", name="Stoneware mug").wait_for()


def addresses(shop: SmallShop) -> list[str]:
    pages = (shop.home, shop.category, shop.mug, shop.content, shop.story.get_parent(), shop.story)
    paths: tuple[str, ...] = ("/cart/", "/checkout/", "/search/?q=mug", "/search/?q=nothing", "/no-such-page/")
    paths += (f"/compare/?ids={shop.mug.pk}", "/wishlist/")
    reviews = f"{shop.url}/reviews/{shop.mug.pk}/"
    return [*(shop.address(page) for page in pages), *(shop.url + path for path in paths), reviews, f"{reviews}write/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_on_any_page(
    small_shop: SmallShop,
    new_page: "Callable[..., Page]",
    assert_accessible: "Callable[[Page], None]",
    scheme: str,
) -> None:
    # A colour that is still changing has no contrast to measure.
    page = new_page(width=390, height=844, color_scheme=scheme, reduced_motion="reduce")
    use_the_shop(page, small_shop)
    assert_accessible(page)  # the open drawer
    for address in addresses(small_shop):
        page.goto(address)
        assert_accessible(page)


def test_no_page_scrolls_sideways_at_320_px(small_shop: SmallShop, new_page: "Callable[..., Page]") -> None:
    page = new_page(width=NARROWEST, height=640)
    use_the_shop(page, small_shop)
    for address in addresses(small_shop):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST, address
        for name in ("Menu", "Search", "Cart"):
            button = page.locator("header .icon-button", has_text=name).first.bounding_box()
            if button:  # the checkout has none of them
                assert (button["width"], button["height"]) == (44, 44), (name, address)
