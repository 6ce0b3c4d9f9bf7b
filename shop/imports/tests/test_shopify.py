"""Shopify's columns, current and legacy, tidy and not."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from shop.imports.dialects import dialect_for
from shop.imports.dialects.grouped import MAX_VARIANTS
from shop.imports.drafts import ProductDraft, VariantDraft
from shop.imports.problems import Kind, Problem
from shop.imports.reading import CsvFile, UnreadableFile
from shop.imports.tests.factories import csv_text, lamp, write_bytes

# The header of a product export of 2026, complete.
CURRENT = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,"
    "Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,Option2 Linked To,Option3 name,"
    "Option3 value,Option3 Linked To,Price,Compare-at price,Cost per item,Charge tax,Tax code,"
    "Unit price total measure,Unit price total measure unit,Unit price base measure,Unit price base measure unit,"
    "Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),"
    "Weight unit for display,Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,"
    "Variant image URL,Gift card,SEO title,SEO description,Color (product.metafields.shopify.color-pattern),"
    "Google Shopping / Google product category,Google Shopping / Gender"
)


@pytest.fixture
def parse(tmp_path: Path) -> Any:
    """Drafts and problems of a file made of rows, or of text."""

    def parse_file(
        content: str | Iterable[Mapping[str, str]], *, currency: str = "GBP"
    ) -> tuple[list[ProductDraft], list[tuple[int, Kind, str]]]:
        text = content if isinstance(content, str) else csv_text(content)
        drafts: list[ProductDraft] = []
        problems: list[Problem] = []
        with CsvFile(write_bytes(tmp_path, text.encode())) as file:
            for item in dialect_for(file.headers, currency=currency).drafts(file.rows()):
                if isinstance(item, Problem):
                    problems.append(item)
                else:
                    drafts.append(item)
                    problems += item.problems
        return drafts, [(problem.line, problem.kind, problem.detail) for problem in problems]

    return parse_file


def only(drafts: list[ProductDraft]) -> tuple[ProductDraft, VariantDraft]:
    (draft,) = drafts
    (variant,) = draft.variants
    return draft, variant


class TestHeaders:
    def test_current_ones(self, parse: Any) -> None:
        row = {
            "Title": "Harbour Lamp",
            "URL handle": "harbour-lamp",
            "Description": "Brass.",
            "Vendor": "Orwell",
            "Product category": "Lighting > Lamps",
            "Published on online store": "TRUE",
            "Status": "Active",
            "SKU": "L-1",
            "Barcode": "'5012345678900",
            "Option1 name": "Colour",
            "Option1 value": "Sea",
            "Price": "49.50",
            "Compare-at price": "60",
            "Inventory tracker": "shopify",
            "Inventory quantity": "12",
            "Continue selling when out of stock": "DENY",
            "Weight value (grams)": "1200",
            "Weight unit for display": "kg",
            "Product image URL": "https://x.example/1.jpg",
            "Variant image URL": "https://x.example/2.jpg",
            "SEO title": "Lamp",
            "SEO description": "A lamp.",
            "Color (product.metafields.shopify.color-pattern)": "brass",
        }
        drafts, problems = parse(csv_text([row], CURRENT.split(",")))
        draft, variant = only(drafts)
        assert variant == VariantDraft(
            2,
            "L-1",
            True,
            [["Colour", "Sea"]],
            "5012345678900",
            1200,
            4950,
            6000,
            True,
            12,
            True,
            picture="https://x.example/2.jpg",
        )
        assert (draft.key, draft.slug, draft.title, draft.body) == (
            "harbour-lamp",
            "harbour-lamp",
            "Harbour Lamp",
            "<p>Brass.</p>",
        )
        assert (draft.brand, draft.category, draft.live) == ("Orwell", ("Lighting", "Lamps"), True)
        assert (draft.seo_title, draft.seo_description) == ("Lamp", "A lamp.")
        assert draft.details == [("Color", "brass")]
        assert problems == [(2, Kind.IMAGES_NOT_FETCHED, "2 of “Harbour Lamp”")]

    def test_in_any_case_order_and_padding(self, parse: Any) -> None:
        drafts, _ = parse("  VARIANT  price , title ,handle\n9.99,Lamp,lamp\n")
        draft, variant = only(drafts)
        assert (draft.title, variant.price, variant.sku) == ("Lamp", 999, "LAMP")

    def test_that_are_missing_say_nothing(self, parse: Any) -> None:
        drafts, problems = parse("Title\nLamp\n")
        draft, variant = only(drafts)
        assert (draft.body, draft.brand, draft.live, draft.category, draft.details) == (None,) * 5
        assert (variant.price, variant.quantity, variant.tracked, variant.barcode, variant.weight) == (None,) * 5
        assert [kind for _, kind, _ in problems] == [Kind.SKU_DERIVED, Kind.NO_PRICE]
        assert set(draft.statements()) == {"title", "LAMP|facts"}

    def test_that_are_not_of_a_product_file(self, parse: Any) -> None:
        with pytest.raises(UnreadableFile, match=r"no “Title” column in its first row\. Headers found: name, price"):
            parse("name,price\na,1\n")

    def test_all_127_of_them(self, parse: Any) -> None:
        headers = ["Handle", "Title", *[f"Custom {n} (product.metafields.custom.c{n})" for n in range(125)]]
        drafts, _ = parse(",".join(headers) + "\nlamp,Lamp" + ",x" * 125 + "\n")
        assert len(drafts[0].details or []) == 40


class TestGrouping:
    def test_rows_of_one_handle(self, parse: Any) -> None:
        rows = [
            lamp(**{"Option1 Name": "Colour", "Option1 Value": "Sea"}),
            {"Handle": "harbour-lamp", "Option1 Value": "Sand", "Variant SKU": "LAMP-2"},
            {"Handle": "harbour-lamp", "Title": ""},
            lamp(Handle="mug", Title="Mug", **{"Variant SKU": "MUG"}),
        ]
        drafts, problems = parse(rows)
        assert [(draft.key, draft.line, [item.sku for item in draft.variants]) for draft in drafts] == [
            ("harbour-lamp", 2, ["LAMP-1", "LAMP-2"]),
            ("mug", 5, ["MUG"]),
        ]
        assert problems == []

    def test_a_row_with_nothing_but_a_picture_is_no_variant(self, parse: Any) -> None:
        rows = [lamp(**{"Image Src": "https://x.example/1.jpg"}), {"Handle": "harbour-lamp", "Image Src": "2.jpg"}]
        drafts, problems = parse(rows)
        assert (len(drafts[0].variants), drafts[0].images) == (1, 2)
        assert problems == [(2, Kind.IMAGES_NOT_FETCHED, "2 of “Harbour Lamp”")]

    def test_without_handles_a_title_begins_a_product(self, parse: Any) -> None:
        drafts, problems = parse(
            "Title,Option1 Value,Variant SKU,Variant Price\n"
            "Bath Towel,Sea,A,10\n,Sand,B,11\n,,,\nHand Towel,Sea,C,5\nBath Towel,Rose,D,12\n"
        )
        assert [(draft.key, draft.continued, [item.sku for item in draft.variants]) for draft in drafts] == [
            ("bath-towel", False, ["A", "B"]),
            ("hand-towel", False, ["C"]),
            ("bath-towel", True, ["D"]),
        ]
        assert drafts[0].variants[0].options == [["Option 1", "Sea"]]
        assert [problem for problem in problems if problem[1] is not Kind.OPTIONS_UNNAMED] == [
            (6, Kind.TITLE_CONTINUES, "“Bath Towel”")
        ]

    def test_equal_titles_one_after_the_other_are_one_product(self, parse: Any) -> None:
        drafts, problems = parse("Title,Option1 Value,SKU\nTowel,Sea,A\nTowel,Sand,B\n")
        assert [[item.sku for item in draft.variants] for draft in drafts] == [["A", "B"]]
        assert (3, Kind.TITLE_CONTINUES, "“Towel”") in problems

    def test_a_row_without_a_handle_in_a_file_with_handles(self, parse: Any) -> None:
        rows = [
            lamp(Handle="", Title="No Handle"),
            {"Handle": "", "Option1 Value": "L", "Variant SKU": "LAMP-2"},
            lamp(Handle="mug", **{"Variant SKU": "MUG"}),
            {"Handle": "", "Variant SKU": "LOST"},
        ]
        drafts, problems = parse(rows)
        assert [(draft.key, len(draft.variants)) for draft in drafts] == [("no-handle", 2), ("mug", 1)]
        assert (2, Kind.HANDLE_DERIVED, "no-handle") in problems
        assert (5, Kind.NO_KEY, "") in problems

    def test_more_variants_than_shopify_allows(self, parse: Any) -> None:
        rows = [lamp(**{"Option1 Value": f"{n}", "Variant SKU": f"S{n}"}) for n in range(MAX_VARIANTS + 2)]
        drafts, problems = parse(rows)
        assert len(drafts[0].variants) == MAX_VARIANTS
        assert [line for line, kind, _ in problems if kind is Kind.TOO_MANY_VARIANTS] == [2050, 2051]

    @pytest.mark.parametrize(
        ("handle", "slug"),
        [
            ("Harbour Lamp", "harbour-lamp"),
            ("Üniçode-漢字", "üniçode-漢字"),
            ("a/b?c", "abc"),
            ("👑", "product-"),
        ],
    )
    def test_a_handle_becomes_an_address(self, parse: Any, handle: str, slug: str) -> None:
        drafts, problems = parse([lamp(Handle=handle)])
        assert drafts[0].key == handle
        assert drafts[0].slug.startswith(slug)
        assert [kind for _, kind, _ in problems] == ([] if slug == handle.lower() else [Kind.HANDLE_CHANGED])

    def test_an_endless_handle_is_cut(self, parse: Any) -> None:
        drafts, _ = parse([lamp(Handle="x" * 400), lamp(Handle="x" * 401, **{"Variant SKU": "B"})])
        assert [len(draft.key) for draft in drafts] == [213, 213]
        assert drafts[0].key != drafts[1].key


class TestSkus:
    def test_that_are_missing_are_made(self, parse: Any) -> None:
        drafts, problems = parse(
            [
                lamp(**{"Variant SKU": "", "Option1 Name": "Size", "Option1 Value": "L"}),
                {"Handle": "harbour-lamp", "Option1 Value": "S"},
            ]
        )
        assert [(item.sku, item.sku_given) for item in drafts[0].variants] == [
            ("HARBOUR-LAMP-L", False),
            ("HARBOUR-LAMP-S", False),
        ]
        assert (3, Kind.SKU_DERIVED, "HARBOUR-LAMP-S") in problems

    def test_of_another_product_are_made_anew(self, parse: Any) -> None:
        drafts, problems = parse([lamp(), lamp(Handle="mug")])
        assert [draft.variants[0].sku for draft in drafts] == ["LAMP-1", "MUG"]
        assert problems == [(3, Kind.SKU_REPEATED, "“LAMP-1”, line 2; now MUG")]

    def test_made_ones_never_clash(self, parse: Any) -> None:
        rows = [
            lamp(Handle="a", **{"Variant SKU": "", "Option1 Name": "Size", "Option1 Value": "b"}),
            lamp(Handle="a-b", **{"Variant SKU": ""}),
            lamp(Handle="A B", **{"Variant SKU": ""}),
        ]
        drafts, _ = parse(rows)
        made = [draft.variants[0].sku for draft in drafts]
        assert made[0] == "A-B"
        assert made[1].startswith("A-B-")
        assert made[2].startswith("A-B-")
        assert len(set(made)) == 3
        assert [draft.variants[0].sku for draft in parse(rows)[0]] == made

    def test_a_variant_named_twice_counts_once(self, parse: Any) -> None:
        drafts, problems = parse([lamp(), lamp(**{"Variant Price": "1.00"})])
        _, variant = only(drafts)
        assert variant.price == 4950
        assert problems == [(3, Kind.VARIANT_REPEATED, "“LAMP-1”, line 2")]

    def test_the_same_options_under_another_sku(self, parse: Any) -> None:
        drafts, problems = parse([lamp(), lamp(**{"Variant SKU": "LAMP-2"})])
        only(drafts)
        assert problems == [(3, Kind.OPTIONS_REPEATED, "“LAMP-2”, line 2")]

    def test_a_spreadsheet_s_apostrophe_and_length(self, parse: Any) -> None:
        drafts, problems = parse([lamp(**{"Variant SKU": "'0813"}), lamp(Handle="b", **{"Variant SKU": "y" * 80})])
        assert drafts[0].variants[0].sku == "0813"
        assert len(drafts[1].variants[0].sku) == 64
        assert [kind for _, kind, _ in problems] == [Kind.SKU_CLEANED, Kind.SHORTENED]


class TestOptions:
    def test_default_title_is_none(self, parse: Any) -> None:
        assert only(parse([lamp()])[0])[1].options == []

    def test_a_product_that_really_comes_in_titles(self, parse: Any) -> None:
        _, variant = only(parse([lamp(**{"Option1 Value": "Large"})])[0])
        assert variant.options == [["Title", "Large"]]

    def test_keep_their_order_and_skip_empty_ones(self, parse: Any) -> None:
        row = lamp(
            **{
                "Option1 Name": "Colour",
                "Option1 Value": "",
                "Option2 Name": "Size",
                "Option2 Value": " L ",
                "Option3 Name": "Fit",
                "Option3 Value": "Wide",
            }
        )
        assert only(parse([row])[0])[1].options == [["Size", "L"], ["Fit", "Wide"]]


class TestMoneyAndStock:
    @pytest.mark.parametrize(
        ("price", "compare_at", "stored", "kinds"),
        [
            ("10", "12", (1000, 1200), []),
            ("10", "", (1000, None), []),
            ("10", "0.00", (1000, None), []),
            ("10", "10", (1000, None), [Kind.COMPARE_AT_DROPPED]),
            ("10", "9.99", (1000, None), [Kind.COMPARE_AT_DROPPED]),
            ("10", "much", (1000, None), [Kind.COMPARE_AT_DROPPED]),
            ("0", "", (0, None), [Kind.PRICE_ZERO]),
            ("cheap", "12", (None, None), [Kind.PRICE_UNUSABLE, Kind.NO_PRICE]),
            ("-1", "", (None, None), [Kind.PRICE_UNUSABLE, Kind.NO_PRICE]),
            ("10.001", "", (None, None), [Kind.PRICE_UNUSABLE, Kind.NO_PRICE]),
        ],
    )
    def test_prices(
        self, parse: Any, price: str, compare_at: str, stored: tuple[int | None, int | None], kinds: list[Kind]
    ) -> None:
        drafts, problems = parse([lamp(**{"Variant Price": price, "Variant Compare At Price": compare_at})])
        variant = drafts[0].variants[0]
        assert (variant.price, variant.compare_at) == stored
        assert [kind for _, kind, _ in problems] == kinds

    def test_prices_are_in_the_shop_s_currency(self, parse: Any) -> None:
        drafts, _ = parse([lamp(**{"Variant Price": "1200", "Variant Compare At Price": ""})], currency="JPY")
        assert drafts[0].variants[0].price == 1200
        _, problems = parse([lamp()], currency="JPY")
        assert problems[0][1] is Kind.PRICE_UNUSABLE

    @pytest.mark.parametrize(
        ("tracker", "quantity", "policy", "stored", "kinds"),
        [
            ("shopify", "5", "deny", (5, True), []),
            ("shopify", "5", "continue", (5, False), []),
            ("shopify", "5", "CONTINUE", (5, False), []),
            ("shopify", "5", "TRUE", (5, False), []),
            ("", "5", "deny", (5, False), []),
            ("shopify", "", "deny", (None, True), []),
            ("shopify", "-4", "deny", (0, True), [Kind.QUANTITY_NEGATIVE]),
            ("shopify", "lots", "deny", (0, True), [Kind.QUANTITY_UNUSABLE]),
        ],
    )
    def test_stock(
        self,
        parse: Any,
        tracker: str,
        quantity: str,
        policy: str,
        stored: tuple[int | None, bool | None],
        kinds: list[Kind],
    ) -> None:
        row = lamp(
            **{
                "Variant Inventory Tracker": tracker,
                "Variant Inventory Qty": quantity,
                "Variant Inventory Policy": policy,
            }
        )
        drafts, problems = parse([row])
        assert (drafts[0].variants[0].quantity, drafts[0].variants[0].tracked) == stored
        assert [kind for _, kind, _ in problems] == kinds

    def test_a_quantity_without_a_tracker_column_is_counted(self, parse: Any) -> None:
        drafts, _ = parse("Title,Variant Inventory Qty\nLamp,5\nMug,\n")
        assert [(draft.variants[0].quantity, draft.variants[0].tracked) for draft in drafts] == [
            (5, True),
            (None, None),
        ]

    @pytest.mark.parametrize(
        ("headers", "cells", "weight"),
        [
            ("Variant Grams,Variant Weight Unit", "1200,kg", 1200),  # grams are grams, whatever is shown
            ("Variant Weight,Variant Weight Unit", "1.2,kg", 1200),
            ("Variant Weight,Variant Weight Unit", "2,lb", 907),
            ("Variant Grams,Variant Weight,Variant Weight Unit", ",16,oz", 454),
            ("Variant Grams", "heavy", None),
        ],
    )
    def test_weights(self, parse: Any, headers: str, cells: str, weight: int | None) -> None:
        drafts, problems = parse(f"Title,SKU,Price,{headers}\nLamp,L,1,{cells}\n")
        assert drafts[0].variants[0].weight == weight
        assert [kind for _, kind, _ in problems] == ([] if weight else [Kind.WEIGHT_UNUSABLE])


class TestWords:
    def test_that_are_too_long_are_shortened(self, parse: Any) -> None:
        drafts, problems = parse([lamp(Title="T" * 300, Vendor="V" * 200, **{"SEO Title": "S" * 256})])
        assert [len(text or "") for text in (drafts[0].title, drafts[0].brand, drafts[0].seo_title)] == [255, 120, 255]
        assert [kind for _, kind, _ in problems] == [Kind.SHORTENED] * 3

    def test_are_one_line(self, parse: Any) -> None:
        drafts, _ = parse([lamp(Title="Harbour\x07\n  Lamp ", Vendor="Orwell\tLighting")])
        assert (drafts[0].title, drafts[0].brand) == ("Harbour Lamp", "Orwell Lighting")

    def test_scripts_and_pictures_in_the_description_are_told(self, parse: Any) -> None:
        drafts, problems = parse([lamp(**{"Body (HTML)": "<p>x<img src=a></p><script>y</script>"})])
        assert (drafts[0].body, drafts[0].images) == ("<p>x</p>", 1)
        assert [kind for _, kind, _ in problems] == [Kind.MARKUP_REMOVED, Kind.IMAGES_NOT_FETCHED]

    def test_facts_come_from_plain_metafields(self, parse: Any) -> None:
        extra = {
            "Colour (product.metafields.custom.colour)": "Sea",
            "Care (product.metafields.facts.care)": "Wipe clean",
            "Rating (product.metafields.reviews.rating)": "4.6",
            "Parts (product.metafields.custom.parts)": "gid://shopify/Metaobject/1",
            "List (product.metafields.custom.list)": '["a"]',
            "Long (product.metafields.custom.long)": "x" * 256,
            "Empty (product.metafields.custom.empty)": "",
        }
        drafts, _ = parse([lamp(**extra)])
        assert drafts[0].details == [("Colour", "Sea"), ("Care", "Wipe clean")]

    def test_a_gift_card_is_told(self, parse: Any) -> None:
        _, problems = parse([lamp(**{"Gift Card": "true"})])
        assert problems == [(2, Kind.GIFT_CARD, "“Harbour Lamp”")]

    def test_a_category_path_has_an_end(self, parse: Any) -> None:
        drafts, problems = parse([lamp(**{"Product Category": " > ".join(map(str, range(14)))})])
        assert drafts[0].category == tuple(map(str, range(10)))
        assert problems[0][1] is Kind.CATEGORY_TOO_DEEP
