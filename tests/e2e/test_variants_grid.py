"""The variants' table under an editor's fingers: keys, filling down, pasting, pages."""

from typing import TYPE_CHECKING

import pytest

from shop.catalog.models import ProductPage, Variant
from shop.catalog.tests.factories import ProductPageFactory
from shop.pricing.selectors import current_quotes
from tests.e2e.conftest import SmallShop
from tests.e2e.test_editing import log_in
from tests.factories import add_combinations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.database]

PASTE = """([selector, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const target = document.querySelector(selector);
  target.focus();
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def make_rug() -> ProductPage:
    page = ProductPageFactory(title="Rug", slug="rug")
    add_combinations(page, Colour=[f"Shade {number}" for number in range(60)])
    return page


def cell(sku: str, name: str) -> str:
    return f"[name=v{Variant.objects.get(sku=sku).pk}-{name}]"


def prices(*skus: str) -> list[int]:
    ids = [Variant.objects.get(sku=sku).pk for sku in skus]
    quotes = current_quotes(ids)
    return [quotes[pk].amount for pk in ids]


def test_like_a_spreadsheet(small_shop: SmallShop, new_page: "Callable[..., Page]") -> None:
    rug = make_rug()
    page = new_page(width=1400, height=1000)
    log_in(page, small_shop)
    page.goto(f"{small_shop.url}/admin/catalog/products/{rug.pk}/variants/")
    status = page.locator("[data-variants-status]")

    def focused() -> str:
        return str(page.evaluate("document.activeElement.name"))

    # keys
    page.locator(cell("rug-0", "price_amount")).focus()
    page.keyboard.press("ArrowDown")
    assert f"[name={focused()}]" == cell("rug-1", "price_amount")
    page.keyboard.type("14.50")
    page.keyboard.press("Enter")
    assert f"[name={focused()}]" == cell("rug-2", "price_amount")
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    assert page.locator(cell("rug-2", "price_amount")).input_value() == "12.50"
    page.keyboard.press("ArrowLeft")
    assert f"[name={focused()}]" == cell("rug-2", "sku")
    # mark three cells, fill them from the first
    page.locator(cell("rug-1", "price_amount")).focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    assert page.locator(cell("rug-3", "price_amount")).input_value() == "14.50"
    # two columns and twelve rows from a spreadsheet, ten of which are on the next page
    page.evaluate(PASTE, [cell("rug-48", "barcode"), "\r\n".join(f"{4000 + n}\t{100 + n}" for n in range(12)) + "\r\n"])
    status.get_by_text("Pasted 12 rows").wait_for()
    # fill a column down to the last row of all pages
    page.locator(cell("rug-10", "price_amount")).fill("20")
    page.get_by_role("button", name="Fill down").click()
    status.get_by_text("Filled 49 rows").wait_for()
    # what was typed goes along to another page
    page.locator(".variants-panel__pages a").click()
    page.locator(cell("rug-59", "price_amount")).wait_for()
    assert page.locator(cell("rug-59", "weight")).input_value() == "111"
    page.get_by_role("button", name="Save variants").click()
    status.get_by_text("Saved: rug-1").wait_for()
    assert prices("rug-0", "rug-1", "rug-2", "rug-3", "rug-4", "rug-11", "rug-59") == [
        1250,
        1450,
        1450,
        1450,
        1250,
        2000,
        2000,
    ]
    assert list(Variant.objects.filter(weight__isnull=False).values_list("barcode", "weight")) == [
        (str(4000 + n), 100 + n) for n in range(12)
    ]
    # another editor was faster with one of the cells
    Variant.objects.filter(sku="rug-55").update(barcode="theirs")
    page.locator(cell("rug-55", "barcode")).fill("mine")
    page.locator(cell("rug-56", "barcode")).fill("kept")
    page.keyboard.press("Control+s")
    page.get_by_text("Somebody else has stored “theirs” here meanwhile").wait_for()
    assert page.locator(cell("rug-55", "barcode")).input_value() == "theirs"
    page.keyboard.press("Control+s")
    status.get_by_text("Saved: rug-56.").wait_for()
    found = Variant.objects.filter(sku__in=["rug-55", "rug-56"]).values_list("barcode", flat=True)
    assert list(found) == ["theirs", "kept"]


def test_in_the_page_editor(small_shop: SmallShop, new_page: "Callable[..., Page]") -> None:
    rug = make_rug()
    page = new_page(width=1400, height=1000)
    log_in(page, small_shop)
    page.goto(f"{small_shop.url}/admin/pages/{rug.pk}/edit/")
    page.get_by_role("tab", name="Variants and stock").click()
    page.locator("[data-variants-panel] select[name=o0]").select_option("Shade 57")
    page.get_by_text("1 of 60 variants").wait_for()
    page.locator(cell("rug-57", "price_amount")).fill("30")
    page.get_by_role("button", name="Save variants").click()
    page.locator("[data-variants-status]").get_by_text("Saved: rug-57.").wait_for()
    assert prices("rug-57", "rug-56") == [3000, 1250]
