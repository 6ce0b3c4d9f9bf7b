"""From text to stems, and from slips to words."""

import random

import pytest
from django.test import override_settings

from search import spelling, text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Crème Brûlée", ["creme", "brulee"]),
        ("T-Shirt", ["tshirt", "shirt"]),
        ("8-inch e-cloth", ["8inch", "8", "inch", "ecloth", "e", "cloth"]),
        ("the cup of tea", ["cup", "tea"]),
        ("To be", ["to", "be"]),
        ("Levi's 501", ["levi", "501"]),
        ("½ pint", ["12", "1", "2", "pint"]),
        ("日本", ["日", "本"]),
        ("Straße", ["strasse"]),
        ("☕ !?", []),
        ("", []),
        ("x" * 60, ["x" * text.LONGEST]),
    ],
)
def test_words(typed: str, words: list[str]) -> None:
    assert text.words(typed) == words


@pytest.mark.parametrize(
    "typed", ["\x00", "\ud800", "'; DROP TABLE", "a'b\"c", "\\", "%s", "🇬🇧", "-" * 1000, "a-" * 5000]
)
def test_words_are_letters_and_digits_whatever_comes(typed: str) -> None:
    assert all(word.isalnum() for word in text.words(typed))
    assert all(stem.isalnum() for stem in text.stems(text.words(typed)))


def test_stems() -> None:
    assert text.stems(["mugs", "mug", "running", "501"]) == ["mug", "mug", "run", "501"]
    with override_settings(SEARCH_LANGUAGE="german"):
        assert text.stem("tassen") == text.stem("tasse") == "tass"
    assert text.stem("tassen") == "tassen"


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("mug", "mug", 0), ("mug", "mugs", 1), ("mug", "mgu", 1), ("mug", "hug", 1), ("mug", "hugs", 2), ("a", "abcd", 3)],
)
def test_distance(one: str, other: str, slips: int) -> None:
    assert spelling.distance(one, other) == spelling.distance(other, one) == slips


def test_words_one_slip_apart_share_a_key() -> None:
    chance = random.Random(5)
    for _ in range(300):
        word = "".join(chance.choices("abcde", k=chance.randrange(3, 10)))
        place, letter = chance.randrange(len(word)), chance.choice("abcdef")
        for slipped in (
            word[:place] + letter + word[place:],
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        ):
            assert set(spelling.keys(word)) & set(spelling.keys(slipped))


@pytest.mark.parametrize(
    ("typed", "meant", "likelihood"),
    [
        ("mattres", "mattress", spelling.LIKELY),
        ("guitra", "guitar", spelling.LIKELY),
        ("guittar", "guitar", spelling.LIKELY),
        ("guixtar", "guitar", spelling.LESS_LIKELY),
        ("guixar", "guitar", spelling.LESS_LIKELY),
    ],
)
def test_likely_slips(typed: str, meant: str, likelihood: float) -> None:
    assert spelling.likely(typed, meant) == likelihood
