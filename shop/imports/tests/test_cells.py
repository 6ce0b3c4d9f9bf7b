"""What single cells mean."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.imports import cells, skus
from shop.imports.cells import CellError


@pytest.mark.parametrize(
    ("cell", "currency", "minor"),
    [
        ("12.50", "GBP", 1250),
        ("12.5", "GBP", 1250),
        ("12", "GBP", 1200),
        (" £12.50 ", "GBP", 1250),
        ("12.50 €", "EUR", 1250),
        ("GBP 12.50", "GBP", 1250),
        ("12.50GBP", "GBP", 1250),
        ("'12.50", "GBP", 1250),
        ("1,299.00", "GBP", 129900),
        ("1,234,567", "GBP", 123456700),
        ("69.990", "GBP", 6999),
        (".99", "GBP", 99),
        ("0.00", "GBP", 0),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
    ],
)
def test_amounts(cell: str, currency: str, minor: int) -> None:
    assert cells.amount(cell, currency) == minor


@pytest.mark.parametrize(
    "cell",
    [
        "free",
        "-1.00",
        "12.345",
        "12,50",
        "1,299",
        "1.299,00",
        "1e5",
        "NaN",
        "Infinity",
        "9" * 20,
        "١٢",
        "12.50.1",
        "--1",
    ],
)
def test_amounts_that_are_refused(cell: str) -> None:
    with pytest.raises(CellError, match="“"):
        cells.amount(cell, "GBP")


def test_an_amount_may_not_be_finer_than_the_currency() -> None:
    with pytest.raises(CellError, match="more than 0 decimal places, the most that JPY has"):
        cells.amount("12.50", "JPY")


@pytest.mark.parametrize(
    ("cell", "number"), [("12", 12), ("-3", -3), ("1,200", 1200), ("12.0", 12), ("'7", 7), ("0", 0)]
)
def test_whole_numbers(cell: str, number: int) -> None:
    assert cells.whole_number(cell) == number


@pytest.mark.parametrize("cell", ["many", "1.5", "", "1e999999999", "9999999999", "NaN", "½", "9" * 40])
def test_whole_numbers_that_are_refused(cell: str) -> None:
    with pytest.raises(CellError):
        cells.whole_number(cell)


@pytest.mark.parametrize(
    ("cell", "unit", "weight"),
    [
        ("250", "", 250),
        ("0.0", "", None),
        ("250.4", "g", 250),
        ("1.5", "kg", 1500),
        ("2", "LB", 907),
        ("1", "oz", 28),
        ("0.2", "g", 1),
    ],
)
def test_weights(cell: str, unit: str, weight: int | None) -> None:
    assert cells.grams(cell, unit) == weight


@pytest.mark.parametrize(("cell", "unit"), [("heavy", ""), ("-1", ""), ("1", "stone"), ("1e12", "kg"), ("NaN", "")])
def test_weights_that_are_refused(cell: str, unit: str) -> None:
    with pytest.raises(CellError):
        cells.grams(cell, unit)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("5012345678900", "5012345678900"), ("'0012", "0012"), ("123.0", "123"), ("", ""), ("ABC-1", "ABC-1")],
)
def test_barcodes(cell: str, code: str) -> None:
    assert cells.barcode(cell) == code


@pytest.mark.parametrize("cell", ["8.13E+11", "5e12", "x" * 33])
def test_barcodes_that_are_refused(cell: str) -> None:
    with pytest.raises(CellError):
        cells.barcode(cell)


@pytest.mark.parametrize(
    ("cell", "value"), [("TRUE", True), (" yes", True), ("0", False), ("No", False), ("x", None), ("", None)]
)
def test_flags(cell: str, value: bool | None) -> None:
    assert cells.flag(cell) is value


def test_text_is_one_line_without_control_characters() -> None:
    assert cells.line_of_text(" a\n\tb\x00\x1b\u2028c  d ") == "a b c d"
    assert cells.line_of_text(None) == ""
    assert cells.quoted("x" * 100) == f"“{'x' * 60}…”"


@pytest.mark.parametrize(
    "parse", [lambda cell: cells.amount(cell, "GBP"), cells.whole_number, cells.grams, cells.barcode]
)
@given(cell=st.text(max_size=30) | st.from_regex(r"-?[0-9]{1,20}([.,][0-9]{1,10})?([eE][0-9]{1,9})?", fullmatch=True))
def test_no_cell_is_a_surprise(parse: Callable[[str], Any], cell: str) -> None:
    """A value or a CellError, never anything else."""
    try:
        value = parse(cell)
    except CellError:
        return
    assert value is None or isinstance(value, str) or abs(value) <= 10**13


class TestSkus:
    def test_are_made_from_handle_and_options(self) -> None:
        assert skus.derive("floor-lamp", []) == "FLOOR-LAMP"
        assert skus.derive("mug", [["Colour", "Sea Green"], ["Size", "L/XL"]]) == "MUG-SEA-GREEN-LXL"
        assert skus.derive("fußbank", []) == "FUSSBANK"
        assert skus.derive("👑", []) == "SKU"

    def test_are_the_same_every_time_and_fit(self) -> None:
        long = skus.derive("x" * 300, [["Size", "L"]])
        assert long == skus.derive("x" * 300, [["Size", "L"]]) == "X" * 51 + "-" + long[-12:]
        assert len(long) == 64
        assert long != skus.derive("x" * 300, [["Size", "M"]])
        assert skus.derive("mug", [], unlike=True).startswith("MUG-")

    def test_lose_a_spreadsheet_s_apostrophe(self) -> None:
        assert skus.tidy("'0813\n") == "0813"
        assert skus.tidy("'") == "'"

    def test_are_shortened_apart(self) -> None:
        assert len(skus.shorten("a" * 90)) == 64
        assert skus.shorten("a" * 90) != skus.shorten("a" * 91)
