"""Says how far the loader is: a bar that moves on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Collection, Iterator
from typing import IO, TypeVar

T = TypeVar("T")
BAR_WIDTH = 24
NAME_WIDTH = 12
# Seconds of silence after which a log that is no terminal hears how far it is.
SILENCE = 10.0


class Progress:
    """``for product in progress.over("Products", products): ...``"""

    def __init__(self, stream: IO[str], *, quiet: bool = False) -> None:
        self.stream = stream
        self.quiet = quiet
        self.moving = not quiet and stream.isatty()

    def over(self, name: str, things: Collection[T]) -> Iterator[T]:
        """Each of the things, drawing the bar as they are asked for."""
        started = spoken = time.monotonic()
        total = len(things)
        for number, thing in enumerate(things):
            self._draw(name, number, total)
            if not self.moving and time.monotonic() - spoken > SILENCE:
                spoken = time.monotonic()
                self.say(f"  {name:{NAME_WIDTH}} {number:4}  of {total} ...")
            yield thing
        if total:
            self.say(f"  {name:{NAME_WIDTH}} {total:4}  {time.monotonic() - started:.1f} s")

    def say(self, text: str) -> None:
        """One line, in the place of the bar."""
        if not self.quiet:
            self.stream.write(f"\r\033[K{text}\n" if self.moving else f"{text}\n")
            self.stream.flush()

    def _draw(self, name: str, number: int, total: int) -> None:
        if self.moving:
            full = BAR_WIDTH * number // total
            self.stream.write(f"\r\033[K  {name:{NAME_WIDTH}} {'█' * full}{'░' * (BAR_WIDTH - full)} {number}/{total}")
            self.stream.flush()
