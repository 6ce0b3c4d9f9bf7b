"""Values that every process shares and that are forgotten the moment they change.

``Remembered`` keeps a computed value in the shared cache beside a stamp. Forgetting replaces the stamp, so a value that
another process was still computing from older rows is never believed, whenever it arrives.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from hashlib import sha256
from typing import Any, Generic, TypeVar, cast
from uuid import uuid4

from django.core.cache import caches
from django.db import transaction

T = TypeVar("T")


def shape_of(*kinds: type[Any]) -> str:
    """A short name for the fields of these dataclasses, another one as soon as a field comes or goes."""
    names = ";".join(f"{kind.__name__}:{','.join(field.name for field in fields(kind))}" for kind in kinds)
    return sha256(names.encode()).hexdigest()[:8]


# Seconds after which a value is computed again even though nothing has said that it changed.
LONGEST = 3600


class Remembered(Generic[T]):
    """``get(key, compute)`` answers from the shared cache; ``forget()`` drops all keys of this name.

    ``shape`` tells values apart that releases with other fields have stored; all releases forget together.
    """

    def __init__(self, name: str, *, shape: str = "") -> None:
        self.name = name
        self.prefix = f"remembered:{name}:{shape}" if shape else f"remembered:{name}"
        self.stamp_key = f"remembered:{name}:stamp"

    def get(self, key: str, compute: Callable[[], T]) -> T:
        """The remembered value, else ``compute()``, which is remembered."""
        cache = caches["default"]
        value_key = f"{self.prefix}:{key}"
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
