"""Lets a loader of many images and pages make all sizes itself at its end, instead of in one task for each."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_waiting: ContextVar[bool] = ContextVar("_waiting", default=False)


def uploads_wait() -> bool:
    """Whether somebody has said that they will make the sizes."""
    return _waiting.get()


@contextmanager
def sizes_later() -> Iterator[None]:
    """Inside, a saved image or a published page enqueues nothing."""
    token = _waiting.set(True)
    try:
        yield
    finally:
        _waiting.reset(token)
