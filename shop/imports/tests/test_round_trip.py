"""What is exported and imported again changes nothing; a formula never leaves as one."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from wagtail.models import Page

from shop.catalog.models import Attribute, Brand, CategoryPage, ProductPage, Variant
from shop.imports.exporting import tables
from shop.imports.exporting.files import write_csv, write_xlsx
from shop.imports.models import ImportedProduct
from shop.imports.services import ImportSummary, Outcome, import_products
from shop.imports.spreadsheets import guard, unguard
from shop.imports.tests.factories import lamp
from shop.imports.tests.factories import write_csv as write_rows
from shop.inventory.services import set_stock
from shop.pricing.services import set_price
from tests.fixtures.services import data_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]

FORMATS = ["cornhill.csv", "cornhill.xlsx", "shopify.csv"]


def export(folder: Path, name: str) -> Path:
    dialect, _, ending = name.partition(".")
    path = folder / f"exported-{dialect}.{ending}"
    (write_xlsx if ending == "xlsx" else write_csv)(tables.TABLES[dialect](None), path)
    return path


def again(path: Path) -> ImportSummary:
    """Import as a shop would that has never seen a file: everything is compared."""
    ImportedProduct.objects.all().delete()
    return import_products(path=path, overwrite=True, pictures=True)


def assert_nothing_changes(folder: Path, products: int) -> None:
    for name in FORMATS:
        summary = again(export(folder, name))
        assert {outcome.value: number for outcome, number in summary.products.items()} == {"unchanged": products}, name


@pytest.mark.data
@pytest.mark.database
@pytest.mark.parametrize(("name", "products"), [("shopify/apparel.csv", 20), ("shopify/towels.csv", 118)])
def test_shopify_samples(tmp_path: Path, name: str, products: int) -> None:
    folder = data_folder()
    assert folder is not None
    import_products(path=Path(folder) / name)
    assert_nothing_changes(tmp_path, products)


@pytest.mark.data
def test_woocommerce_sample(tmp_path: Path) -> None:
    folder = data_folder()
    assert folder is not None
    import_products(path=Path(folder) / "woocommerce" / "sample_products.csv")
    assert_nothing_changes(tmp_path, 13)


class TestAwkwardCatalogue:
    @pytest.fixture
    def catalogue(self, home_page: Page) -> CategoryPage:
        shop: CategoryPage = home_page.add_child(instance=CategoryPage(title="Shop", slug="shop"))
        odd: CategoryPage = shop.add_child(instance=CategoryPage(title="A > B: C", slug="odd"))
        Attribute.objects.create(name="Capacity", code="capacity", kind="number", unit="ml")
        Attribute.objects.create(name="Washable", code="washable", kind="boolean")
        details = [
            {"type": "detail", "value": {"label": label, "value": value}}
            for label, value in [("Ratio 1:2", "a: b"), ("Size", "=1+1"), ("Size", "10"), ("Capacity", "plenty")]
        ]
        page = odd.add_child(
            instance=ProductPage(
                title='=HYPERLINK("http://x")',
                slug="formula",
                summary="'-quoted",
                body=f'<p>Line one<br/>and 💡 two</p><p><a linktype="page" id="{shop.pk}">All</a></p>',
                details=details,
                brand=Brand.objects.create(name="+Plus & Co", slug="plus"),
                attributes={"capacity": 330, "washable": True},
                seo_title="@home",
            )
        )
        page.tags.set(["one, two", "three"])
        page.save()
        for number, options in enumerate([[["A", "1"], ["B", "=2"]], [["A", "-1"], ["B", "'x"]]]):
            variant = Variant.objects.create(product=page, sku=f"=SKU-{number}", options=options, weight=5 * number + 5)
            set_price(variant=variant, amount=1999 + number, currency="GBP", compare_at=2500)
        set_stock(levels={"=SKU-0": 7, "=SKU-1": None})
        Variant.objects.filter(sku="=SKU-1").update(active=False, barcode="0012345678905")
        shop.add_child(instance=ProductPage(title="Bare", slug="bare", live=False))
        shop.add_child(instance=ProductPage(title="Same address", slug="formula"))
        return shop

    @pytest.mark.database
    @pytest.mark.parametrize("name", FORMATS)
    def test_comes_back_unchanged(self, catalogue: CategoryPage, tmp_path: Path, name: str) -> None:
        summary = again(export(tmp_path, name))
        unchanged = 1 if name.startswith("shopify") else 3  # Shopify's file cannot name products without variants
        assert summary.products[Outcome.UNCHANGED] == unchanged
        assert (summary.products[Outcome.CHANGED], summary.products[Outcome.NEW]) == (0, 0)

    @pytest.mark.parametrize("name", ["cornhill.csv", "cornhill.xlsx"])
    def test_makes_the_same_products_in_another_shop(self, catalogue: CategoryPage, tmp_path: Path, name: str) -> None:
        path = export(tmp_path, name)
        old = ProductPage.objects.get(title__startswith="=HYPER")
        before: list[Any] = [
            list(Variant.objects.filter(product=old).values_list("sku", "options", "weight", "active", "barcode"))
        ]
        before += [old.summary, old.seo_title, old.attributes, sorted(tag.name for tag in old.tags.all())]
        details = [(block["value"]["label"], block["value"]["value"]) for block in old.details.raw_data]
        for page in ProductPage.objects.all():
            page.delete()
        import_products(path=path)
        new = ProductPage.objects.get(title__startswith="=HYPER")
        after: list[Any] = [
            list(Variant.objects.filter(product=new).values_list("sku", "options", "weight", "active", "barcode"))
        ]
        after += [new.summary, new.seo_title, new.attributes, sorted(tag.name for tag in new.tags.all())]
        assert after == before
        assert [(block["value"]["label"], block["value"]["value"]) for block in new.details.raw_data] == details
        assert new.get_parent().title == "A > B: C"
        assert (new.brand and new.brand.name) == "+Plus & Co"

    @pytest.mark.parametrize("name", ["cornhill.csv", "shopify.csv"])
    def test_no_cell_begins_like_a_formula(self, catalogue: CategoryPage, tmp_path: Path, name: str) -> None:
        with export(tmp_path, name).open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert any(cell.startswith("'=") for cell in cells)
        assert [cell for cell in cells if cell[:1] in "=+-@" and cell not in ("", "-1")] == []

    def test_no_cell_of_a_workbook_is_a_formula(self, catalogue: CategoryPage, tmp_path: Path) -> None:
        sheet = load_workbook(export(tmp_path, "cornhill.xlsx")).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), ("-5", "-5"), ("-5a", "'-5a"), ("@x", "'@x"), ("'=1", "''=1"), ("'tis", "'tis"), ("", "")],
)
def test_apostrophes_are_reversible(text: str, written: str) -> None:
    assert guard(text) == written
    assert unguard(written) == text


def test_the_command_writes_both_formats(tmp_path: Path, run_import: Callable[..., Any], capsys: Any) -> None:
    run_import([lamp()])
    call_command("export_products", tmp_path / "out.csv")
    call_command("export_products", tmp_path / "out.xlsx", verbosity=0)
    call_command("export_products", tmp_path / "shopify.csv", "--format=shopify", verbosity=0)
    assert capsys.readouterr().out == f"1 products in {tmp_path / 'out.csv'}.\n"
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").startswith("product,title,address,category,")
    assert (tmp_path / "shopify.csv").read_text(encoding="utf-8-sig").startswith("Title,URL handle,")


@pytest.fixture
def run_import(tmp_path: Path) -> Callable[..., ImportSummary]:
    def run(rows: list[dict[str, str]]) -> ImportSummary:
        return import_products(path=write_rows(tmp_path, rows))

    return run
