"""What real exports contain, in every kind of file: it works, or it is refused row by row."""

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from wagtail.models import Page

from shop.catalog.models import ProductPage, Variant
from shop.imports import reading
from shop.imports.problems import Kind, Severity
from shop.imports.reading import UnreadableFile
from shop.imports.services import ImportSummary, import_products
from shop.inventory.models import StockItem
from shop.pricing.models import Price

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]

# The same columns in the words of each kind of file.
COLUMNS = {
    "shopify": {
        "key": "Handle", "title": "Title", "body": "Body (HTML)", "sku": "Variant SKU", "price": "Variant Price",
        "compare": "Variant Compare At Price", "stock": "Variant Inventory Qty", "image": "Image Src",
        "barcode": "Variant Barcode",
    },
    "woocommerce": {
        "key": "ID", "title": "Name", "body": "Description", "sku": "SKU", "price": "Sale price",
        "compare": "Regular price", "stock": "Stock", "image": "Images", "type": "Type",
        "barcode": "GTIN, UPC, EAN, or ISBN",
    },
    "cornhill": {
        "key": "product", "title": "title", "body": "description", "sku": "sku", "price": "price",
        "compare": "compare-at price", "stock": "stock", "image": "pictures", "barcode": "barcode",
    },
}  # fmt: skip
EVERY = ["shopify", "woocommerce", "cornhill", "workbook"]
Load = Callable[..., ImportSummary]


def table(kind: str, rows: Sequence[dict[str, str]], extra: Sequence[str] = ()) -> list[list[str]]:
    """Header and rows of a kind of file; ``extra`` columns are empty."""
    names = COLUMNS["cornhill" if kind == "workbook" else kind]
    rows = [{"type": "simple", **row} for row in rows]
    return [[*names.values(), *extra], *([row.get(name, "") for name in names] + [""] * len(extra) for row in rows)]


def csv_bytes(lines: Sequence[Sequence[str]], ending: str = "\r\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=ending).writerows(lines)
    return out.getvalue().encode()


def workbook_bytes(lines: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append([value or None for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Import rows as a kind of file, with whatever is said of its header."""

    def _load(kind: str, rows: Sequence[dict[str, str]], *, extra: Sequence[str] = (), pad: str = "") -> ImportSummary:
        lines = table(kind, rows, extra)
        lines[0] = [f"{pad}{header}{pad}" for header in lines[0]]
        data = workbook_bytes(lines) if kind == "workbook" else csv_bytes(lines)
        return load_bytes(tmp_path, data)

    return _load


def load_bytes(folder: Path, data: bytes) -> ImportSummary:
    path = folder / "products"
    path.write_bytes(data)
    return import_products(path=path)


def outcomes(summary: ImportSummary) -> dict[str, int]:
    return {outcome.value: number for outcome, number in summary.products.items()}


def lamp(number: int = 1, **cells: str) -> dict[str, str]:
    return {"key": f"lamp-{number}", "title": f"Lamp {number}", "sku": f"L-{number}", "price": "9.50", **cells}


@pytest.mark.parametrize("kind", EVERY)
class TestEveryKindOfFile:
    def test_a_clean_row(self, load: Load, kind: str) -> None:
        assert outcomes(load(kind, [lamp(stock="4", barcode="4006381333931")])) == {"new": 1}
        variant = Variant.objects.get()
        assert (variant.sku, variant.barcode, Price.objects.get().amount) == ("L-1", "4006381333931", 950)
        assert StockItem.objects.get().on_hand == 4

    def test_duplicate_and_empty_skus(self, load: Load, kind: str) -> None:
        summary = load(kind, [lamp(1, sku="SAME"), lamp(2, sku="SAME"), lamp(3, sku="")])
        assert outcomes(summary) == {"new": 3}
        assert {Kind.SKU_REPEATED, Kind.SKU_DERIVED} <= set(summary.problems.counts)
        assert Variant.objects.filter(sku="SAME").count() == 1
        assert Variant.objects.values("sku").distinct().count() == 3

    def test_a_compare_at_price_below_the_price(self, load: Load, kind: str) -> None:
        summary = load(kind, [lamp(compare="5")])
        assert summary.problems.counts[Kind.COMPARE_AT_DROPPED] == 1
        assert (Price.objects.get().amount, Price.objects.get().compare_at) == (950, None)

    def test_negative_stock(self, load: Load, kind: str) -> None:
        assert load(kind, [lamp(stock="-4")]).problems.counts[Kind.QUANTITY_NEGATIVE] == 1
        assert StockItem.objects.get().on_hand == 0

    def test_a_price_of_nothing_and_none(self, load: Load, kind: str) -> None:
        summary = load(kind, [lamp(1, price="0"), lamp(2, price=""), lamp(3, price="free")])
        assert outcomes(summary) == {"new": 3}
        assert summary.problems.counts[Kind.PRICE_ZERO] == 1
        assert summary.problems.counts[Kind.PRICE_UNUSABLE] == 1
        assert summary.problems.counts[Kind.NO_PRICE] == 2
        assert [price.amount for price in Price.objects.all()] == [0]

    def test_padded_headers(self, load: Load, kind: str) -> None:
        assert outcomes(load(kind, [lamp()], pad="  ")) == {"new": 1}
        assert ProductPage.objects.get().title == "Lamp 1"

    def test_a_long_description_with_a_script(self, load: Load, kind: str) -> None:
        words = "<p>Brass and glass.</p>" * 780
        assert len(words) > 17_900
        summary = load(kind, [lamp(body=f"<script>alert(1)</script>{words}<p onclick='x()'>end</p>")])
        body = ProductPage.objects.get().body
        assert summary.problems.counts[Kind.MARKUP_REMOVED] == 1
        assert ("script" in body, "onclick" in body, body.count("<p>")) == (False, False, 781)

    def test_spreadsheet_apostrophes(self, load: Load, kind: str) -> None:
        load(kind, [lamp(sku="'0012", barcode="'0012345678905", title="'=1+1")])
        variant = Variant.objects.get()
        assert (variant.sku, variant.barcode) == ("0012", "0012345678905")
        assert ProductPage.objects.get().title == "=1+1"

    def test_127_columns(self, load: Load, kind: str) -> None:
        extra = [f"Column {number}" for number in range(127 - len(table(kind, [])[0]))]
        assert outcomes(load(kind, [lamp()], extra=extra)) == {"new": 1}

    def test_emoji(self, load: Load, kind: str) -> None:
        load(kind, [lamp(title="Lamp 💡👩‍👩‍👧", body="<p>🏮</p>")])
        page = ProductPage.objects.get()
        assert (page.title, page.body) == ("Lamp 💡👩‍👩‍👧", "<p>🏮</p>")

    def test_many_addresses_of_pictures_are_no_products(self, load: Load, kind: str) -> None:
        rows = [lamp(image="https://x.example/1.jpg")]
        rows += [{"key": "lamp-1", "image": f"https://x.example/{number}.jpg"} for number in range(3)]
        summary = load(kind, rows if kind != "woocommerce" else rows[:1])
        assert (outcomes(summary), Variant.objects.count()) == ({"new": 1}, 1)

    def test_the_same_file_again_changes_nothing(self, load: Load, kind: str) -> None:
        rows = [lamp(1, stock="-1"), lamp(2, sku="L-1"), lamp(3, price="x", compare="1")]
        load(kind, rows)
        assert outcomes(load(kind, rows)) == {"unchanged": 3}
        assert Page.find_problems() == ([], [], [], [], [])


CSV_ONLY = ["shopify", "woocommerce", "cornhill"]


@pytest.mark.parametrize("kind", CSV_ONLY)
class TestText:
    def test_mixed_line_endings(self, tmp_path: Path, kind: str) -> None:
        lines = csv_bytes(table(kind, [lamp(n) for n in range(4)]), "\n").split(b"\n")
        data = lines[0] + b"\r\n" + lines[1] + b"\n" + lines[2] + b"\r\n" + lines[3] + b"\n" + lines[4]
        assert outcomes(load_bytes(tmp_path, data)) == {"new": 4}

    def test_nul_bytes(self, tmp_path: Path, kind: str) -> None:
        data = csv_bytes(table(kind, [lamp(title="La\0mp")]))
        summary = load_bytes(tmp_path, data)
        assert (ProductPage.objects.get().title, summary.problems.counts[Kind.NUL_BYTES]) == ("Lamp", 1)

    def test_a_packed_file_that_breaks_off(self, tmp_path: Path, kind: str) -> None:
        import random

        noise = random.Random(1)  # text that does not pack well
        rows = [lamp(n, body="".join(noise.choices("abcdefghij ", k=400))) for n in range(400)]
        packed = gzip.compress(csv_bytes(table(kind, rows)))
        summary = load_bytes(tmp_path, packed[: len(packed) // 2])
        assert summary.problems.counts[Kind.FILE_BREAKS_OFF] == 1
        assert 50 < summary.products[next(iter(summary.products))] < 400
        assert Page.find_problems() == ([], [], [], [], [])

    def test_a_gzip_bomb(self, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "UNPACKED_LEAST", 100_000)
        rows = [lamp(1), lamp(2, body="x" * 50_000_000)]
        summary = load_bytes(tmp_path, gzip.compress(csv_bytes(table(kind, rows))))
        assert outcomes(summary) == {"new": 1}
        assert summary.problems.counts[Kind.FILE_BREAKS_OFF] == 1

    def test_a_gzip_bomb_without_a_line(self, tmp_path: Path, kind: str) -> None:
        with pytest.raises(UnreadableFile):
            load_bytes(tmp_path, gzip.compress(b"\0" * 60_000_000))


class TestMarkets:
    def test_prices_of_markets_are_named_and_left(self, tmp_path: Path) -> None:
        lines = table(
            "shopify", [lamp()], ["Included / International", "Price / International", "Price / United States"]
        )
        lines[1][-2] = "99"
        summary = load_bytes(tmp_path, csv_bytes(lines))
        ((_, (problem,)),) = [
            (kind, found) for kind, found in summary.problems.examples(Severity.NOTE) if kind is Kind.MARKETS_IGNORED
        ]
        assert problem.detail == "Included / International, Price / International, Price / United States"
        assert Price.objects.get().amount == 950


class TestAttributes:
    @pytest.fixture(autouse=True)
    def attributes(self) -> None:
        from shop.catalog.models import Attribute

        Attribute.objects.create(name="Heel height", code="heel_height", kind="number", unit="mm")

    @pytest.mark.parametrize(
        "header", ["Heel (product.metafields.custom.heel-height)", "Heel height (product.metafields.x.y)"]
    )
    def test_metafields_whose_code_the_shop_knows(self, tmp_path: Path, header: str) -> None:
        lines = table("shopify", [lamp(1), lamp(2)], [header, "Sole (product.metafields.custom.sole)"])
        lines[1][-2:], lines[2][-2:] = ["35 mm", "Leather"], ["high", "Rubber"]
        summary = load_bytes(tmp_path, csv_bytes(lines))
        first, second = ProductPage.objects.order_by("title")
        assert (first.attributes, second.attributes) == ({"heel_height": 35}, {})
        assert [block["value"]["label"] for block in first.details.raw_data] == ["Sole"]
        assert summary.problems.counts[Kind.ATTRIBUTE_UNUSABLE] == 1
        assert outcomes(load_bytes(tmp_path, csv_bytes(lines))) == {"unchanged": 2}

    def test_values_that_the_file_does_not_name_are_kept(self, tmp_path: Path) -> None:
        from shop.catalog.models import Attribute

        Attribute.objects.create(name="Colour", code="colour_name")
        lines = table("cornhill", [lamp()], ["attribute: heel_height"])
        lines[1][-1] = "20"
        load_bytes(tmp_path, csv_bytes(lines))
        ProductPage.objects.update(attributes={"heel_height": 20, "colour_name": "Teal"})
        lines[1][-1] = "25"
        load_bytes(tmp_path, csv_bytes(lines))
        assert ProductPage.objects.get().attributes == {"heel_height": 25, "colour_name": "Teal"}


class TestTags:
    def test_come_change_and_stay(self, tmp_path: Path) -> None:
        lines = table("cornhill", [lamp()], ["tags"])
        for cell, expected in [
            ("gift, Brass", ["Brass", "gift"]),
            ("GIFT, new", ["gift", "new"]),
            ("", []),
        ]:
            lines[1][-1] = cell
            load_bytes(tmp_path, csv_bytes(lines))
            assert sorted((tag.name for tag in ProductPage.objects.get().tags.all()), key=str.lower) == sorted(
                expected, key=str.lower
            )
