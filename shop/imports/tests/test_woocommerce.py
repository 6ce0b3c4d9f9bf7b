"""WooCommerce's product CSV as drafts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from shop.imports.dialects import dialect_for
from shop.imports.drafts import ProductDraft
from shop.imports.problems import Kind, Problem
from shop.imports.reading import CsvFile
from shop.imports.tests.factories import csv_text, write_bytes

MUG = {
    "ID": "12",
    "Type": "simple",
    "SKU": "MUG",
    "Name": "Mug",
    "Published": "1",
    "Visibility in catalog": "visible",
    "Short description": "<p>A mug.</p>",
    "Description": r"<p>Stoneware.</p>\n<ul><li>Blue</li></ul>",
    "In stock?": "1",
    "Stock": "7",
    "Backorders allowed?": "0",
    "Weight (kg)": "0.4",
    "Sale price": "",
    "Regular price": "12.50",
    "Categories": r"Kitchen > Mugs\, cups, Sale",
    "Tags": "blue, gift",
    "Images": "https://x.example/1.jpg, https://x.example/2.jpg",
    "Parent": "",
    "Attribute 1 name": "Material",
    "Attribute 1 value(s)": "Stoneware",
    "Attribute 1 visible": "1",
}


@pytest.fixture
def parse(tmp_path: Path) -> Any:
    def _parse(*rows: dict[str, str], attributes: tuple[str, ...] = ()) -> tuple[list[ProductDraft], list[Problem]]:
        with CsvFile(write_bytes(tmp_path, csv_text([{**MUG, **row} for row in rows]).encode())) as file:
            dialect = dialect_for(file.headers, currency="GBP", attributes=attributes)
            assert dialect.name == "woocommerce"
            items = list(dialect.drafts(file.rows()))
        drafts = [item for item in items if isinstance(item, ProductDraft)]
        problems = [item for item in items if isinstance(item, Problem)]
        return drafts, problems + [problem for draft in drafts for problem in draft.problems]

    return _parse


def kinds(problems: list[Problem]) -> set[Kind]:
    return {problem.kind for problem in problems}


class TestSimple:
    def test_says_everything(self, parse: Any) -> None:
        (draft,), problems = parse({})
        (variant,) = draft.variants
        assert (draft.key, draft.slug, draft.title, draft.summary) == ("id:12", "mug", "Mug", "A mug.")
        assert draft.body == "<p>Stoneware.</p><ul><li>Blue</li></ul>"
        assert (draft.category, draft.tags, draft.live) == (("Kitchen", "Mugs, cups"), ["blue", "gift"], True)
        assert (draft.details, draft.attributes) == ([("Material", "Stoneware")], None)
        assert draft.pictures == [("https://x.example/1.jpg", ""), ("https://x.example/2.jpg", "")]
        assert (variant.sku, variant.options, variant.weight, variant.price) == ("MUG", [], 400, 1250)
        assert (variant.compare_at, variant.quantity, variant.tracked) == (None, 7, True)
        assert kinds(problems) == {Kind.OTHER_CATEGORIES, Kind.IMAGES_NOT_FETCHED}

    def test_an_attribute_that_the_shop_has_is_no_fact(self, parse: Any) -> None:
        (draft,), _ = parse({}, attributes=("material",))
        assert (draft.attributes, draft.details) == ({"material": "Stoneware"}, [])

    @pytest.mark.parametrize(
        ("begins", "ends", "price", "compare_at"),
        [("", "", 900, 1250), (-2, 2, 900, 1250), (2, "", 1250, None), ("", -2, 1250, None)],
    )
    def test_a_sale_price_counts_in_its_time(
        self, parse: Any, begins: Any, ends: Any, price: int, compare_at: int | None
    ) -> None:
        def day(shift: Any) -> str:
            return str(timezone.localdate() + timedelta(shift)) if shift else ""

        dates = {"Date sale price starts": day(begins), "Date sale price ends": day(ends)}
        (draft,), problems = parse({"Sale price": "9", **dates})
        assert (draft.variants[0].price, draft.variants[0].compare_at) == (price, compare_at)
        assert (Kind.SALE_DATED in kinds(problems)) == (compare_at is None)

    @pytest.mark.parametrize(
        ("cells", "expected"),
        [
            ({"Stock": ""}, (None, False)),
            ({"Stock": "", "In stock?": "0"}, (0, True)),
            ({"Stock": "-3"}, (0, True)),
            ({"Backorders allowed?": "1"}, (None, False)),
            ({"Backorders allowed?": "notify"}, (None, False)),
        ],
    )
    def test_stock(self, parse: Any, cells: dict[str, str], expected: Any) -> None:
        (draft,), _ = parse(cells)
        assert (draft.variants[0].quantity, draft.variants[0].tracked) == expected

    @pytest.mark.parametrize(("published", "live"), [("1", True), ("0", False), ("-1", False), ("maybe", False)])
    def test_state(self, parse: Any, published: str, live: bool) -> None:
        (draft,), _ = parse({"Published": published})
        assert draft.live is live

    def test_hidden_products_stay_drafts_and_downloads_are_named(self, parse: Any) -> None:
        (draft,), problems = parse(
            {
                "Type": "simple, downloadable, virtual",
                "Visibility in catalog": "hidden",
                "Download 1 URL": "https://x.example/a.mp3",
            }
        )
        assert draft.live is False
        assert {Kind.HIDDEN_THERE, Kind.DOWNLOADS_LEFT} <= kinds(problems)

    @pytest.mark.parametrize("kind", ["grouped", "external", "subscription"])
    def test_what_cannot_be_sold_here_is_refused(self, parse: Any, kind: str) -> None:
        drafts, problems = parse({"Type": kind})
        assert (drafts, kinds(problems)) == ([], {Kind.TYPE_NOT_SOLD})

    def test_a_row_without_any_name_is_refused(self, parse: Any) -> None:
        drafts, problems = parse({"ID": "", "SKU": "", "Name": ""})
        assert (drafts, kinds(problems)) == ([], {Kind.NO_KEY})


class TestVariable:
    HEAD = {"Type": "variable", "Attribute 1 name": "Colour", "Attribute 1 value(s)": "Red, Blue", "Regular price": ""}

    def variation(self, colour: str, **cells: str) -> dict[str, str]:
        return {
            "ID": f"1{len(colour)}",
            "Type": "variation",
            "SKU": f"MUG-{colour}",
            "Name": f"Mug - {colour}",
            "Parent": "MUG",
            "Attribute 1 name": "Colour",
            "Attribute 1 value(s)": colour,
            "Images": f"https://x.example/{colour}.jpg",
            **cells,
        }

    @pytest.mark.parametrize("order", [[0, 1, 2, 3], [1, 3, 0, 2]])
    def test_variations_are_found_wherever_they_stand(self, parse: Any, order: list[int]) -> None:
        rows = [self.HEAD, {"SKU": "CUP", "ID": "9", "Name": "Cup"}, self.variation("Red"), self.variation("Blue")]
        drafts, _ = parse(*[rows[place] for place in order])
        assert [draft.title for draft in drafts] == ["Cup", "Mug"]
        mug = drafts[1]
        assert sorted((item.sku, item.options, item.price) for item in mug.variants) == [
            ("MUG-Blue", [["Colour", "Blue"]], 1250),
            ("MUG-Red", [["Colour", "Red"]], 1250),
        ]
        assert mug.details == []
        assert {item.picture for item in mug.variants} == {"https://x.example/Red.jpg", "https://x.example/Blue.jpg"}

    def test_the_product_may_be_named_by_its_number(self, parse: Any) -> None:
        (mug,), _ = parse(self.HEAD, self.variation("Red", Parent="id:12"))
        assert [item.sku for item in mug.variants] == ["MUG-Red"]

    def test_variations_of_a_product_in_the_shop(self, parse: Any) -> None:
        (draft,), _ = parse(self.variation("Red", Parent="id:77"))
        assert (draft.key, draft.continued, draft.title, len(draft.variants)) == ("id:77", True, None, 1)
        drafts, problems = parse(self.variation("Red", Parent=""))
        assert (drafts, kinds(problems)) == ([], {Kind.NO_KEY})
