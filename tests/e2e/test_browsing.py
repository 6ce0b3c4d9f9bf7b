"""A shopper narrows a listing, with and without a script."""

from typing import TYPE_CHECKING, Any

import pytest

from shop.catalog.models import CategoryPage
from shop.catalog.tests.factories import AttributeFactory, BrandFactory, ProductTypeFactory
from tests.e2e.conftest import SmallShop
from tests.factories import make_product

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def address(small_shop: SmallShop) -> str:
    """A category with mugs of three makers and two glazes beside what the small shop has."""
    glazes = [("sea", "Sea", "#7fb2c8"), ("sand", "Sand", "#d8c9a7")]
    glaze = AttributeFactory(code="glaze", name="Glaze", kind="colour", filterable=True, choices=glazes)
    category = CategoryPage.objects.get(pk=small_shop.category.pk)
    category.product_type = ProductTypeFactory(attributes=[glaze])
    category.save()
    for number, maker in enumerate(("Orwell", "Deben", "Stour")):
        brand = BrandFactory(name=maker, slug=maker.lower())
        for value, _, _ in glazes:
            values: Any = {"glaze": value}
            title = f"{maker} {value}"
            make_product(title=title, parent=category, brand=brand, price=1000 * (number + 1), attributes=values)
    return small_shop.address(category)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("screen", [{"width": 390, "height": 844}, {"width": 1280, "height": 900}])
def test_filters_narrow_a_listing(
    address: str, new_page: "Callable[..., Page]", javascript: bool, screen: dict[str, int]
) -> None:
    page = new_page(**screen, javascript=javascript)
    page.goto(address)
    if screen["width"] < 900:
        page.locator("#listing-filter").click()
    page.get_by_label("Orwell (2)").check()
    if javascript:
        page.wait_for_url("**/?brand=orwell")
        # The panel stays open and the box keeps the focus while the listing is exchanged.
        page.get_by_role("link", name="Remove Brand: Orwell").wait_for()
        assert page.evaluate("document.activeElement.id") == "facet-brand-orwell"
    page.get_by_label("Sea (", exact=False).check()
    if not javascript:
        page.get_by_role("button", name="Show").last.click()
    page.get_by_role("link", name="Remove Glaze: Sea").wait_for()
    assert page.locator(".card__title").all_text_contents() == ["Orwell sea"]
    page.get_by_role("link", name="Remove Brand: Orwell").click()
    page.get_by_role("link", name="Remove Brand: Orwell").wait_for(state="detached")
    assert sorted(page.locator(".card__title").all_text_contents()) == ["Deben sea", "Orwell sea", "Stour sea"]
    page.go_back()
    page.get_by_role("link", name="Remove Brand: Orwell").wait_for()


def test_the_filters_are_accessible(
    address: str, new_page: "Callable[..., Page]", assert_accessible: "Callable[[Page], None]"
) -> None:
    page = new_page(width=390, height=844, reduced_motion="reduce")
    page.goto(f"{address}?brand=orwell&glaze=sea&price_min=cheap")
    page.locator("#listing-filter").click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{address}?brand=orwell&price=20-30&price_min=90")
    assert_accessible(page)
