"""Arithmetic that must never lose or invent a penny."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shop.catalog.templatetags.money import money
from shop.money import (
    BASIS_POINTS,
    MAX_AMOUNT,
    MoneyError,
    exponent,
    format_money,
    included_tax,
    reduction,
    spread,
    to_decimal,
    to_minor,
)

CURRENCIES = st.sampled_from(["GBP", "EUR", "USD", "JPY", "KWD"])
AMOUNTS = st.integers(-MAX_AMOUNT, MAX_AMOUNT)


@given(AMOUNTS, CURRENCIES)
def test_minor_units_survive_their_decimal_form(amount: int, currency: str) -> None:
    assume(abs(to_decimal(amount, currency)) < MAX_AMOUNT)
    assert to_minor(to_decimal(amount, currency), currency) == amount
    assert to_minor(str(to_decimal(amount, currency)), currency) == amount


@given(st.text(max_size=40), CURRENCIES)
def test_any_text_is_an_amount_or_a_money_error(text: str, currency: str) -> None:
    try:
        amount = to_minor(text, currency)
    except MoneyError:
        return
    assert abs(amount) <= MAX_AMOUNT
    assert to_decimal(amount, currency) == Decimal(text.strip())


@pytest.mark.parametrize(
    ("text", "currency", "example"),
    [
        ("32,50", "GBP", "32.50"),
        ("1,299.00", "GBP", "1299.00"),
        ("1,250", "GBP", "1250"),
        ("cheap", "GBP", "12.50"),
        ("32,50", "JPY", "1250"),
        ("cheap", "KWD", "1.250"),
    ],
)
def test_a_refusal_says_what_to_write(text: str, currency: str, example: str) -> None:
    with pytest.raises(MoneyError) as refused:
        to_minor(text, currency)
    assert str(refused.value) == f"{text!r} is not an amount of money. Write it like {example}."


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("12.50", "GBP", 1250),
        ("12.5", "GBP", 1250),
        (" 12 ", "GBP", 1200),
        ("1e2", "GBP", 10_000),
        ("-0.01", "GBP", -1),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        (12, "GBP", 1200),
    ],
)
def test_reading_amounts(text: str | int, currency: str, expected: int) -> None:
    assert to_minor(text, currency) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("12.505", "more than 2 decimal places"),
        ("", "not an amount"),
        ("twelve", "not an amount"),
        ("1,250", "not an amount"),
        ("NaN", "not an amount"),
        ("Infinity", "not an amount"),
        ("1e999999", "too large"),
        ("1e-999999", "decimal places"),
        ("999999999999999", "too large"),
    ],
)
def test_refusing_what_is_no_amount(text: str, message: str) -> None:
    with pytest.raises(MoneyError, match=message):
        to_minor(text, "GBP")


@pytest.mark.parametrize("currency", ["", "QQQ", "gbp", "£", "GBPX"])
def test_refusing_what_is_no_currency(currency: str) -> None:
    with pytest.raises(MoneyError, match="not an ISO 4217"):
        exponent(currency)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        (1250, "GBP", "£12.50"),
        (0, "GBP", "£0.00"),
        (-5, "GBP", "-£0.05"),
        (1234567, "GBP", "£12,345.67"),
        (1200, "JPY", "JP¥1,200"),
    ],
)
def test_writing_amounts(amount: int, currency: str, expected: str) -> None:
    assert format_money(amount, currency) == expected


def test_the_template_filter() -> None:
    assert money(1250, "GBP") == "£12.50"
    assert money(0, "GBP") == "£0.00"
    assert money(None, "GBP") == money(1250, None) == money(1250, "") == money(1250, "QQQ") == ""


@given(st.integers(0, MAX_AMOUNT), st.integers(0, 10_000))
def test_included_tax_is_the_nearest_penny(gross: int, rate: int) -> None:
    tax = included_tax(gross, rate)
    exact = Decimal(gross) * rate / (BASIS_POINTS + rate)
    assert 0 <= tax <= gross
    assert abs(tax - exact) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("gross", "rate", "tax"),
    [(1200, 2000, 200), (1199, 2000, 200), (3, 2000, 1), (2, 2000, 0), (100, 0, 0), (0, 2000, 0)],
)
def test_included_tax(gross: int, rate: int, tax: int) -> None:
    assert included_tax(gross, rate) == tax


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_parts_add_up_and_are_off_by_less_than_one(total: int, weights: list[int]) -> None:
    assume(sum(weights) > 0)
    parts = spread(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Decimal(total) * weight / sum(weights)) < 1
        if weight == 0:
            assert part == 0


def test_the_largest_remainder_gets_the_odd_penny() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(-100, [1, 1, 1]) == [-34, -33, -33]
    assert spread(10, [1, 8]) == [1, 9]
    assert spread(0, [1, 2]) == [0, 0]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [3, -1]])
def test_nothing_to_spread_over(weights: list[int]) -> None:
    with pytest.raises(MoneyError, match="Nothing to spread over"):
        spread(100, weights)


@pytest.mark.parametrize(
    ("amount", "prior", "percent"),
    [(800, 1000, 20), (801, 1000, 19), (999, 1000, 0), (0, 1, 100), (5, 0, 0), (9, 5, 0)],
)
def test_a_saving_is_never_overstated(amount: int, prior: int, percent: int) -> None:
    assert reduction(amount, prior) == percent
