"""Values that every process shares."""

from dataclasses import dataclass

import pytest

from cms.remembered import Remembered, shape_of


@pytest.fixture
def remembered() -> Remembered[str]:
    return Remembered("test")


def test_computes_once(remembered: Remembered[str]) -> None:
    answers = iter(["first", "second"])
    assert remembered.get("key", lambda: next(answers)) == "first"
    assert remembered.get("key", lambda: next(answers)) == "first"


def test_keys_are_apart(remembered: Remembered[str]) -> None:
    remembered.get("one", lambda: "1")
    assert remembered.get("two", lambda: "2") == "2"


def test_forgets_every_key(remembered: Remembered[str]) -> None:
    remembered.get("one", lambda: "1")
    remembered.get("two", lambda: "2")
    remembered.forget_now()
    assert (remembered.get("one", lambda: "changed"), remembered.get("two", lambda: "changed")) == (
        "changed",
        "changed",
    )


def test_a_value_from_before_the_change_is_not_believed(remembered: Remembered[str]) -> None:
    """A slow reader computes from old rows while somebody else saves: its late answer must not stay."""

    def slow() -> str:
        remembered.forget_now()
        return "old"

    assert remembered.get("key", slow) == "old"
    assert remembered.get("key", lambda: "new") == "new"


@pytest.mark.django_db
def test_forgets_only_once_the_change_is_committed(
    remembered: Remembered[str], django_capture_on_commit_callbacks: object
) -> None:
    remembered.get("key", lambda: "old")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        remembered.forget()
        assert remembered.get("key", lambda: "new") == "old"
    assert remembered.get("key", lambda: "new") == "new"


def test_what_a_release_with_other_fields_has_stored_is_not_believed() -> None:
    @dataclass
    class Old:
        name: str

    @dataclass
    class New:
        name: str
        tax: bool

    assert shape_of(Old) == shape_of(Old)
    assert shape_of(Old) != shape_of(New)
    old, new = Remembered[str]("shaped", shape=shape_of(Old)), Remembered[str]("shaped", shape=shape_of(New))
    assert (old.get("1", lambda: "old"), new.get("1", lambda: "new")) == ("old", "new")
    new.forget_now()
    assert old.get("1", lambda: "fresh") == "fresh"
