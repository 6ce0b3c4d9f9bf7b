"""Counting tries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from cms.limits import Limit, client_address

THREE = Limit("test", 3, 3600)


def test_so_many_and_no_more() -> None:
    assert [THREE.allows("ann") for _ in range(5)] == [True, True, True, False, False]
    assert THREE.allows("bob"), "everybody has tries of their own"
    assert Limit("other", 3, 3600).allows("ann"), "every limit counts by itself"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the time that limits see, in seconds."""
    return lambda now: monkeypatch.setattr("cms.limits.time.time", lambda: now)


def test_a_limit_holds_across_the_turn_of_the_hour(clock: Callable[[float], None]) -> None:
    clock(36_000 - 1)
    assert [THREE.allows("ann") for _ in range(3)] == [True] * 3
    clock(36_000 + 1)
    assert not THREE.allows("ann")
    clock(36_000 + 3598)
    assert not THREE.allows("ann")


def test_it_ends_when_it_says_whatever_was_tried_meanwhile(clock: Callable[[float], None]) -> None:
    clock(36_000)
    assert [THREE.allows("ann") for _ in range(3)] == [True] * 3
    for minutes in range(1, 60):
        clock(36_000 + minutes * 60)
        assert not THREE.allows("ann")
    clock(36_000 + THREE.minutes_left * 60)
    assert THREE.allows("ann")


def test_a_try_that_is_forgiven_does_not_count() -> None:
    for _ in range(5):
        assert THREE.allows("ann")
        THREE.forgive("ann")
    assert [THREE.allows("ann") for _ in range(4)] == [True, True, True, False]
    THREE.forgive("somebody who never tried")


def test_nobody_in_particular_is_not_refused() -> None:
    assert [THREE.allows("") for _ in range(5)] == [True] * 5


def test_parts_are_not_run_together() -> None:
    one = Limit("pairs", 1, 3600)
    assert one.allows("an", "n")
    assert one.allows("a", "nn")


def test_nobody_is_named_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = []
    cache = caches["default"]
    monkeypatch.setattr(type(cache), "add", lambda self, key, *args, **options: keys.append(key))
    monkeypatch.setattr(type(cache), "incr", lambda self, key, *args: 1)
    assert THREE.allows("ann@example.com")
    assert len(keys) == 1
    assert "ann" not in keys[0]


def test_a_full_cache_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(caches["default"]), "add", lambda self, *args, **options: True)
    assert [THREE.allows("evicted") for _ in range(5)] == [True] * 5


def test_the_wait_is_never_none() -> None:
    assert Limit("short", 1, 10).minutes_left == 1
    assert THREE.minutes_left == 72


@pytest.mark.parametrize(
    ("trusted", "remote", "forwarded", "expected"),
    [
        (False, "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (True, "10.0.0.2", "198.51.100.1", "198.51.100.1"),
        (True, "10.0.0.2", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (True, "10.0.0.2", "", ""),
        (True, "10.0.0.2", "rubbish" * 50, ("rubbish" * 50)[:64]),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:0db8:0001:0002"),
        (False, "::ffff:203.0.113.7", "", "203.0.113.7"),
        (False, "", "", ""),
    ],
)
def test_where_a_request_comes_from(trusted: bool, remote: str, forwarded: str, expected: str, settings: Any) -> None:
    settings.TRUST_PROXY = trusted
    headers: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == expected
