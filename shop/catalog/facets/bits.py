"""Sets of small whole numbers as one Python integer each: bit n is set where n is in the set.

``&``, ``|`` and ``bit_count`` run over a hundred thousand members in a few microseconds.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

_MEMBERS = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]
_FLAGS = bytes.maketrans(b"01", b"\0\1")
_NOT_ZERO = re.compile(rb"[^\0]")
# A sorted column keeps the set of everything before each of so many evenly spaced places.
CHECKPOINTS = 64


def from_members(members: Iterable[int], size: int) -> int:
    """The set of these members, all below ``size``."""
    data = bytearray((size + 7) >> 3)
    for member in members:
        data[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(data, "little")


def span(first: int, end: int) -> int:
    """The set of all numbers from ``first`` up to, but not including, ``end``."""
    return ((1 << (end - first)) - 1) << first if end > first else 0


def as_bytes(members: int, size: int) -> bytes:
    """For testing members one by one: ``data[n >> 3] >> (n & 7) & 1``."""
    return members.to_bytes((size + 7) >> 3, "little")


def members_of(members: int, size: int) -> Iterator[int]:
    """The members in ascending order."""
    data = as_bytes(members, size)
    for found in _NOT_ZERO.finditer(data):
        place = found.start()
        for bit in _MEMBERS[data[place]]:
            yield place << 3 | bit


def as_flags(members: int, size: int) -> bytes:
    """One byte per number below ``size``, from 0 on: 1 for a member, else 0."""
    return format(members, f"0{size}b").encode().translate(_FLAGS)[::-1] if size else b""


class Column:
    """A number for some members, sorted: which are below a value, and where the middle lies."""

    __slots__ = ("_before", "_members", "_of_member", "_step", "_values", "everyone", "size")

    def __init__(self, pairs: Iterable[tuple[float, int]], size: int) -> None:
        """``pairs`` are values and members, each member once at most."""
        ordered = sorted(pairs)
        self.size = size
        self._of_member = array("d", bytes(array("d").itemsize * size))
        for value, member in ordered:
            self._of_member[member] = value
        self._values = array("d", (value for value, _ in ordered))
        self._members = array("L", (member for _, member in ordered))
        self._step = max(1, len(ordered) // CHECKPOINTS)
        self._before: list[int] = [0]
        for start in range(0, len(ordered) - self._step + 1, self._step):
            self._before.append(self._before[-1] | self._set(start, start + self._step))
        self.everyone = self._before[-1] | self._set((len(self._before) - 1) * self._step, len(ordered))

    def _set(self, start: int, end: int) -> int:
        return from_members(self._members[start:end], self.size) if end > start else 0

    def _first(self, count: int) -> int:
        """The set of the first ``count`` entries."""
        block = min(count // self._step, len(self._before) - 1)
        return self._before[block] | self._set(block * self._step, count)

    def below(self, value: float) -> int:
        """Members with a number less than ``value``."""
        return self._first(bisect_left(self._values, value))

    def up_to(self, value: float) -> int:
        """Members with a number of at most ``value``."""
        return self._first(bisect_right(self._values, value))

    def from_(self, value: float) -> int:
        """Members with a number of at least ``value``."""
        return self.everyone & ~self.below(value)

    def quantiles(self, among: int, parts: int) -> list[float]:
        """About the values that divide the members ``among`` into so many parts of equal size; sorted, maybe fewer."""
        among &= self.everyone
        count = among.bit_count()
        if not count:
            return []
        if count <= len(self._values) // 16:
            values = sorted(map(self._of_member.__getitem__, members_of(among, self.size)))
            return [values[len(values) * part // parts] for part in range(1, parts)]
        reached = [(before & among).bit_count() for before in self._before]
        found = []
        for part in range(1, parts):
            block = min(bisect_left(reached, count * part / parts), len(reached) - 1)
            found.append(self._values[min(block * self._step, len(self._values) - 1)])
        return found
