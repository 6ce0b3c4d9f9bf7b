"""axe finds nothing on any kind of page, light and dark; no page scrolls sideways at 320 px."""

from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import SmallShop

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NARROWEST = 320


def fill_cart(page: "Page", shop: SmallShop) -> None:
    page.goto(shop.address(shop.mug))
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("dialog").get_by_role("link", name="Stoneware mug").wait_for()


def addresses(shop: SmallShop) -> list[str]:
    pages = (shop.home, shop.category, shop.mug, shop.content, shop.story.get_parent(), shop.story)
    paths = ("/cart/", "/checkout/", "/search/?q=mug", "/search/?q=nothing", "/no-such-page/")
    return [*(shop.address(page) for page in pages), *(shop.url + path for path in paths)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_on_any_page(
    small_shop: SmallShop,
    new_page: "Callable[..., Page]",
    assert_accessible: "Callable[[Page], None]",
    scheme: str,
) -> None:
    # A colour that is still changing has no contrast to measure.
    page = new_page(width=390, height=844, color_scheme=scheme, reduced_motion="reduce")
    fill_cart(page, small_shop)
    assert_accessible(page)  # the open drawer
    for address in addresses(small_shop):
        page.goto(address)
        assert_accessible(page)


def test_no_page_scrolls_sideways_at_320_px(small_shop: SmallShop, new_page: "Callable[..., Page]") -> None:
    page = new_page(width=NARROWEST, height=640)
    fill_cart(page, small_shop)
    for address in addresses(small_shop):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST, address
