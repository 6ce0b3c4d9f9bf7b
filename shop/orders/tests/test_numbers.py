"""Order numbers: random, unmistakable, found again however they are typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.orders.numbers import ALPHABET, NUMBER_LENGTH, as_typed, new_number


def test_shape() -> None:
    number = new_number()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", number)
    assert len(number) == NUMBER_LENGTH


def test_random() -> None:
    numbers = {new_number() for _ in range(2_000)}
    assert len(numbers) == 2_000
    assert len({number[0] for number in numbers}) == len(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7K3M-Q9XA-T21B", "7K3M-Q9XA-T21B"),
        ("7k3mq9xat21b", "7K3M-Q9XA-T21B"),
        (" #7k3m q9xa t2Ib ", "7K3M-Q9XA-T21B"),
        ("oil0", "0110"),
        ("7K3M–Q9", "7K3M-Q9"),
        ("Ann Unwin", ""),
        ("ann@example.com", ""),
        ("", ""),
        ("-", ""),
    ],
)
def test_as_typed(typed: str, meant: str) -> None:
    assert as_typed(typed) == meant


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    assert set(as_typed(text)) <= {*ALPHABET, "-"}


@given(st.integers(min_value=1, max_value=NUMBER_LENGTH), st.randoms())
def test_every_beginning_of_a_number_is_found(length: int, random: object) -> None:
    number = new_number()
    assert number.startswith(as_typed(number[:length].lower()).rstrip("-"))
