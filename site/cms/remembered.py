"""Values that every process shares and that are forgotten the moment they change.

``Remembered`` keeps a computed value in the shared cache beside a stamp. Forgetting replaces the stamp, so a value that
another process was still computing from older rows is never believed, whenever it arrives.
"""

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar, cast
from uuid import uuid4

from django.core.cache import caches
from django.db import transaction

T = TypeVar("T")
# Seconds after which a value is computed again even though nothing has said that it changed.
LONGEST = 3600


class Remembered(Generic[T]):
    """``get(key, compute)`` answers from the shared cache; ``forget()`` drops all keys of this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stamp_key = f"remembered:{name}:stamp"

    def get(self, key: str, compute: Callable[[], T]) -> T:
        """The remembered value, else ``compute()``, which is remembered."""
        cache = caches["default"]
        value_key = f"remembered:{self.name}:{key}"
        found = cache.get_many([self.stamp_key, value_key])
        stamp = found.get(self.stamp_key)
        if stamp is None:
            cache.add(self.stamp_key, uuid4().hex, None)
            stamp = cache.get(self.stamp_key)
        if value_key in found and found[value_key][0] == stamp:
            return cast("T", found[value_key][1])
        value = compute()
        cache.set(value_key, (stamp, value), LONGEST)
        return value

    def forget(self) -> None:
        """Drop every key, once the transaction that changes the rows is committed."""
        transaction.on_commit(partial(self.forget_now))

    def forget_now(self) -> None:
        """Drop every key at once."""
        caches["default"].set(self.stamp_key, uuid4().hex, None)
