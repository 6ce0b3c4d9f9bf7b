"""A shop manager imports a file: looks at every difference, applies, rolls back."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shop.catalog.models import ProductPage
from tests.e2e.conftest import SmallShop
from tests.e2e.test_editing import log_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.database]

FILE = """Handle,Title,Body (HTML),Vendor,Product Category,Variant SKU,Variant Price,Variant Inventory Qty
mug,"Stoneware mug, grey",<p>Stoneware</p>,Orwell,,MUG-1,19.50,7
lamp,Harbour Lamp,<p>Brass</p>,Orwell,Lighting,LAMP,49.50,12
vase,Vase,<p>Glass</p>,Orwell,Vases,VASE,x,-4
,,,,,NOBODY,1,1
"""


def test_upload_choose_apply_and_roll_back(
    new_page: "Callable[..., Page]", small_shop: SmallShop, tmp_path: Path
) -> None:
    file = tmp_path / "lamps.csv"
    file.write_text(FILE)
    page = new_page(width=1400, height=1000)
    log_in(page, small_shop)
    page.goto(f"{small_shop.url}/admin/imports/")
    page.get_by_label("Product file").set_input_files(str(file))
    _picture(page, "index")
    page.get_by_role("button", name="Compare with the shop").click()
    page.get_by_role("button", name="Apply 3 accepted").wait_for()
    _picture(page, "review")
    page.set_viewport_size({"width": 390, "height": 844})
    _picture(page, "review-phone")
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.get_by_label("Vase", exact=True).uncheck()
    page.get_by_role("button", name="Apply 3 accepted").click()
    page.get_by_role("heading", name="Applied").wait_for()
    _picture(page, "applied")
    assert set(ProductPage.objects.filter(slug__in=["lamp", "vase"]).values_list("slug", flat=True)) == {"lamp"}
    small_shop.mug.refresh_from_db()
    assert small_shop.mug.title == "Stoneware mug, grey"
    page.get_by_role("button", name="Roll back").click()
    page.get_by_role("heading", name="Rolled back").wait_for()
    assert not ProductPage.objects.filter(slug="lamp").exists()
    small_shop.mug.refresh_from_db()
    assert small_shop.mug.title == "Stoneware mug"


def _picture(page: "Page", name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"import-{name}.png"), full_page=True)
