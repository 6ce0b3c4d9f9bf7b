"""Lets a loader of many images make their sizes itself, all at once, instead of one task per image."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_waiting: ContextVar[bool] = ContextVar("_waiting", default=False)


def uploads_wait() -> bool:
    """Whether somebody has said that they will make the sizes."""
    return _waiting.get()


@contextmanager
def sizes_later() -> Iterator[None]:
    """Inside, a saved image enqueues nothing."""
    token = _waiting.set(True)
    try:
        yield
    finally:
        _waiting.reset(token)
