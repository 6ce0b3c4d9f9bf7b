"""The folder that is the cache where there is no Redis: nothing that is counted in it is lost."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import caches
from django.test import RequestFactory

from cms.limits import Limit
from storefront.file_cache import SHARDS, FileCache

TEN = Limit("test", 10, 3600)
ENTRIES = 20 * SHARDS


@pytest.fixture
def cache(tmp_path: Path, settings: Any) -> FileCache:
    """The shop's cache, as it is without Redis."""
    options = {"MAX_ENTRIES": ENTRIES}
    one = {"BACKEND": "storefront.file_cache.FileCache", "LOCATION": str(tmp_path), "OPTIONS": options}
    settings.CACHES = {**settings.CACHES, "default": one}
    found = caches["default"]
    assert isinstance(found, FileCache)
    return found


def all_at_once(act: Callable[[], bool], *, threads: int = 8, times: int = 20) -> int:
    """How often it was allowed."""
    start = Barrier(threads)
    allowed: list[bool] = []

    def run() -> None:
        start.wait()
        allowed.extend(act() for _ in range(times))

    running = [Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sum(allowed)


def test_tries_at_once_are_all_counted(cache: FileCache) -> None:
    assert all_at_once(lambda: TEN.allows("ann")) <= 10
    assert not TEN.allows("ann")


def test_so_are_codes_of_the_second_step(cache: FileCache) -> None:
    request = RequestFactory().post("/")

    def guess() -> bool:
        return bool(ratelimit.consume(request, app="allauth.account", action="login_failed", key="ann"))

    assert all_at_once(guess) <= 10
    assert not guess()


def test_processes_count_together(cache: FileCache, tmp_path: Path) -> None:
    cache.set("tries", 0)
    count = (
        "from django.conf import settings; settings.configure(); from storefront.file_cache import FileCache\n"
        f"cache = FileCache({str(tmp_path)!r}, {{}})\nfor _ in range(200): cache.incr('tries')"
    )
    folder = Path(__file__).resolve().parents[2]
    running = [subprocess.Popen([sys.executable, "-c", count], cwd=folder) for _ in range(3)]  # noqa: S603
    assert [process.wait() for process in running] == [0, 0, 0]
    assert cache.get("tries") == 600


def test_counting_does_not_prolong(cache: FileCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_000_000.0)
    cache.set("tries", 1, 3600)
    cache.set("forever", 1, None)
    monkeypatch.setattr("time.time", lambda: 1_003_000.0)
    assert [cache.incr("tries"), cache.incr("tries"), cache.decr("tries")] == [2, 3, 2]
    assert cache.incr("forever") == 2
    monkeypatch.setattr("time.time", lambda: 1_003_599.0)
    assert cache.get("tries") == 2
    monkeypatch.setattr("time.time", lambda: 1_003_601.0)
    assert cache.get("tries") is None
    with pytest.raises(ValueError, match="tries"):
        cache.incr("tries")
    assert cache.get("forever") == 2


def test_whoever_fills_it_is_not_forgiven(cache: FileCache) -> None:
    assert [TEN.allows("ann") for _ in range(11)] == [True] * 10 + [False]
    for number in range(ENTRIES + ENTRIES // 2):
        cache.set(f"visitor-{number}", "x")
        if number % 500 == 0:
            assert not TEN.allows("ann")
    assert not TEN.allows("ann")
    assert len(cache._list_cache_files()) <= ENTRIES


def test_what_has_ended_goes_first(cache: FileCache, tmp_path: Path) -> None:
    small = FileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 1}})
    keys = [f"{number}" for number in range(9999) if small._key_to_file(f"{number}").split("/")[-2] == "ab"][:6]
    small.set(keys[0], "lasts", None)
    small.set(keys[1], "ends", 0)
    small.set(keys[2], "newer", None)
    small.set(keys[3], "newest", None)
    assert [small.get(key) for key in keys[:4]] == ["lasts", None, "newer", "newest"]
    small.set(keys[4], "last", None)
    assert [small.get(key) for key in keys[:5]] == [None, None, "newer", "newest", "last"]


def test_it_can_be_emptied(cache: FileCache) -> None:
    cache.set_many({f"{number}": number for number in range(50)})
    assert cache.get_many(["7", "8"]) == {"7": 7, "8": 8}
    assert not cache.add("7", "another")
    cache.delete("7")
    assert cache.add("7", "another")
    cache.clear()
    assert cache.get("8") is None
    assert cache.get("7") is None
