"""Showing how far an import is: a bar on a terminal, a line now and then in a log."""

from time import monotonic

from django.core.management.base import OutputWrapper

BAR_WIDTH = 30
# Seconds between two drawings of the bar.
REDRAW = 0.1
# Per cent between two lines of a log.
LOG_STEP = 10


class ProgressBar:
    """Draws to one stream. ``clear`` it before writing anything else there."""

    def __init__(self, stream: OutputWrapper) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._started = monotonic()
        self._drawn = 0.0
        self._logged = 0
        self._width = 0

    def show(self, part: float, products: int) -> None:
        """``part`` of the file is read, 0 to 1, and with it so many products."""
        now = monotonic()
        rate = products / (now - self._started) if now > self._started else 0.0
        text = f"{part:4.0%}  {products:,} products, {rate:,.0f}/s"
        if self._terminal:
            if now - self._drawn < REDRAW and part < 1:
                return
            filled = round(BAR_WIDTH * part)
            line = f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {text}"
            self._write("\r" + line.ljust(self._width))
            self._width, self._drawn = len(line), now
        elif part * 100 >= self._logged + LOG_STEP:
            self._logged = int(part * 100 // LOG_STEP) * LOG_STEP
            self._write(text.strip() + "\n")

    def clear(self) -> None:
        """Leave the line empty for somebody else."""
        if self._terminal and self._width:
            self._write("\r" + " " * self._width + "\r")
            self._width = 0

    def _write(self, text: str) -> None:
        self._stream.write(text, str, ending="")  # neither red nor ended with a line break
        self._stream.flush()
