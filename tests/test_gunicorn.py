"""What gunicorn does beside serving."""

import runpy
import threading
from pathlib import Path
from typing import Any

import pytest

from shop.catalog.facets import index

CONFIGURATION = runpy.run_path(str(Path(__file__).resolve().parent.parent / "gunicorn.conf.py"))


@pytest.mark.django_db
def test_a_worker_has_its_index_before_it_takes_requests(home_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    index.reset()
    built = [index.build()]
    monkeypatch.setattr(index, "build", lambda: built.pop())
    CONFIGURATION["post_worker_init"](None)
    assert built == []
    index.current()  # another build would fail
    index.reset()


def test_a_worker_starts_without_a_database(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def build() -> None:
        raise OSError("away")

    index.reset()
    monkeypatch.setattr(index, "build", build)
    CONFIGURATION["post_worker_init"](None)
    assert "The index of facets could not be built yet" in caplog.text


def test_a_worker_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CONFIGURATION["PREPARE_MOST"] < CONFIGURATION["timeout"] / 2
    slow, started = threading.Event(), threading.Event()

    def build() -> Any:
        started.set()
        slow.wait(10)
        raise OSError("too late")

    index.reset()
    monkeypatch.setattr(index, "build", build)
    index.warm(wait=0.05)
    assert started.is_set()
    [thread] = [one for one in threading.enumerate() if one.name == "facets"]
    slow.set()
    thread.join(10)
