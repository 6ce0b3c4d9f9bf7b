"""From a file to rows: compression, encoding, lines, delimiter, quotation marks. Knows nothing of products.

Streams: a line at a time is in memory, and of a row only as many lines as it has.
"""

import csv
import gzip
import io
import re
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from shop.imports.problems import Kind, Problem
from shop.imports.spreadsheets import unguard

# Characters in one cell; a longer one is a quotation mark that was never closed, or not a product.
MAX_CELL = 1_000_000
# Characters in one physical line.
MAX_LINE = 4 * MAX_CELL
# A packed file may unpack to so many times its size (repeated rows pack well), a small one to so many bytes.
RATIO_MOST = 200
UNPACKED_LEAST = 50 * 1024**2
DELIMITERS = (",", ";", "\t", "|")

GZIP_MAGIC = b"\x1f\x8b"
# First bytes of what people try to import instead of a CSV file.
OTHER_FILES = {
    b"PK\x03\x04": "a ZIP archive; unpack it first",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the sheet as CSV",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a database",
    b"BZh": "compressed with bzip2; unpack it first",
    b"\xfd7zXZ": "compressed with xz; unpack it first",
    b"\x28\xb5\x2f\xfd": "compressed with zstd; unpack it first",
}


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message tells a person why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file. ``line`` is where it starts, counted from 1; ``cells`` are keyed by normalised header."""

    line: int
    cells: dict[str, str]


def normalise_header(text: str) -> str:
    """How headers are compared: without case, outer blanks, doubled blanks or a byte-order mark."""
    return " ".join(text.replace("\ufeff", " ").split()).casefold()


def header_keys(headers: Sequence[str], line: int) -> tuple[list[str], list[Problem]]:
    """What the cells of each column are called in a ``Row``; the second column of a name is left out, with a note."""
    keys = [normalise_header(header) for header in headers]
    problems = []
    for position, key in enumerate(keys):
        if key and key in keys[:position]:
            problems.append(Problem(line, Kind.REPEATED_HEADER, headers[position]))
            keys[position] = ""
    return keys, problems


class _Bounded(io.RawIOBase):
    """An unpacked stream that ends with an error where it grows out of all proportion: a gzip bomb."""

    def __init__(self, stream: Any, most: int) -> None:
        self._stream, self._most, self._read = stream, most, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._read += len(data)
        if self._read > self._most:
            raise OSError(
                f"it unpacks to more than {self._most // 1024**2:,} MB, which no product file of its size does"
            )
        buffer[: len(data)] = data
        return len(data)


class _Lines:
    """Physical lines with their numbers; lines can be given back. Remembers what it handed out since ``forget``."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._waiting: deque[tuple[int, str]] = deque()
        self.number = 0  # of the last line read from the file
        self.ended = False
        self.taken: list[tuple[int, str]] = []
        self.problems: list[Problem] = []
        self.broken = ""  # why the file could not be read to its end

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._read()
        self.taken.append(line)
        return line[1]

    def forget(self) -> None:
        self.taken = []

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        self._waiting.extendleft(reversed(lines))

    def _read(self) -> tuple[int, str]:
        try:
            line = self._text.readline(MAX_LINE)
            if not line:
                self.ended = True
                raise StopIteration
            self.number += 1
            if len(line) >= MAX_LINE and line[-1] not in "\r\n":
                self._skip_rest_of_line()
                self.problems.append(Problem(self.number, Kind.LINE_TOO_LONG))
                return self.number, "\n"
        except (EOFError, OSError, zlib.error, UnicodeError) as error:
            self.broken, self.ended = str(error) or type(error).__name__, True
            raise StopIteration from None
        return self.number, self._clean(line)

    def _skip_rest_of_line(self) -> None:
        while (rest := self._text.readline(MAX_LINE)) and rest[-1] not in "\r\n":
            pass

    def _clean(self, line: str) -> str:
        if "\0" in line:
            line = line.replace("\0", "")
            self.problems.append(Problem(self.number, Kind.NUL_BYTES))
        if not line.isascii():
            if self.number == 1:
                line = line.removeprefix("\ufeff")
            try:
                line.encode()
            except UnicodeEncodeError:
                line = line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
                self.problems.append(Problem(self.number, Kind.NOT_UTF8))
        return line


class CsvFile:
    """A CSV file, plain or gzip, open for reading once. Use as a context manager.

    Raises UnreadableFile when opened, where there is no header row to be found.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stack = ExitStack()
        self._recovering = False

    def __enter__(self) -> Self:
        try:
            self._open()
        except UnreadableFile:
            self._stack.close()
            raise
        except (OSError, EOFError, zlib.error) as error:
            self._stack.close()
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise UnreadableFile(f"{self.path} cannot be read: {reason}.") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def progress(self) -> float:
        """How much of the file has been read, from 0 to 1 (for gzip, of the packed bytes)."""
        return min(self._raw.tell() / self._size, 1.0) if self._size else 1.0

    def rows(self) -> Iterator[Row | Problem]:
        """The rows below the header, and whatever is wrong with lines, in the order of the file."""
        yield from self._header_problems
        for line, cells in self._records():
            yield from self._lines_problems()
            if not any(cells):
                continue
            row = self._row(line, cells)
            if row is not None:
                yield row
        yield from self._lines_problems()
        if self._lines.broken:
            yield Problem(self._lines.number + 1, Kind.FILE_BREAKS_OFF, self._lines.broken)

    # Opening

    def _open(self) -> None:
        self._raw: BinaryIO = self._stack.enter_context(self.path.open("rb"))
        self._size = self.path.stat().st_size
        start = self._raw.read(512)
        self._raw.seek(0)
        if not start:
            raise UnreadableFile(f"{self.path} is empty.")
        for magic, name in OTHER_FILES.items():
            if start.startswith(magic):
                raise UnreadableFile(f"{self.path} is not a CSV file but {name}.")
        stream: Any = self._raw  # or gzip around it
        if start.startswith(GZIP_MAGIC):
            packed = self._stack.enter_context(gzip.open(self._raw))  # noqa: SIM115  # closed with the stack
            start = packed.read(4)
            packed.seek(0)
            stream = io.BufferedReader(_Bounded(packed, max(UNPACKED_LEAST, RATIO_MOST * self._size)), 1024**2)
        wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = io.TextIOWrapper(
            stream,
            encoding="utf-16" if wide else "utf-8",
            errors="replace" if wide else "surrogateescape",
            newline="",
        )
        self._lines = _Lines(text)
        self._read_header()

    def _read_header(self) -> None:
        """Find the header row, the delimiter and the reader for the rest."""
        self._delimiter = ""
        first = next((line for line in self._lines if line.strip()), None)
        if first is None:
            raise UnreadableFile(f"{self.path} {'breaks off' if self._lines.broken else 'has no rows'}.")
        told = re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE)  # Excel's own way to name the delimiter
        if told:
            self._delimiter = told[1]
            first = next(self._lines, "")
        if not self._delimiter:
            self._delimiter = max(DELIMITERS, key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))
        self._lines.give_back(self._lines.taken[-1:])
        self._lines.forget()
        # The limit is one for the whole process; it is only ever raised.
        csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
        self._reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        try:
            titles = next(self._reader)
        except (csv.Error, StopIteration):
            raise UnreadableFile(f"{self.path} does not start with a row of headers.") from None
        header_line = self._lines.taken[0][0]
        self.headers = [" ".join(title.replace("\ufeff", " ").split()) for title in titles]
        self._keys, self._header_problems = header_keys(self.headers, header_line)

    # Records

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            self._lines.forget()
            cells: list[str] | None
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                cells = self._mend()
            if cells is not None and self._lines.taken:
                yield self._lines.taken[0][0], cells

    def _mend(self) -> list[str] | None:
        """The cells of a row with wrong quotation marks, or None: its first line is lost, the rest is read again."""
        lines, taken = self._lines, self._lines.taken
        if lines.broken:
            return None  # the row that the end of the file cut through
        number, text = taken[0]
        # Several lines, or the end of the file: the mark that opened here was closed by accident or not at all.
        if len(taken) == 1 and not lines.ended and len(text) < MAX_CELL:
            cells = next(csv.reader([text.rstrip("\r\n")], delimiter=self._delimiter), [])
            if len(cells) == len(self._keys):
                lines.problems.append(Problem(number, Kind.LOOSE_QUOTES))
                return cells
        lines.give_back(taken[1:])
        lines.problems.append(Problem(number, Kind.MALFORMED))
        self._recovering = True
        return None

    def _row(self, line: int, cells: list[str]) -> Row | None:
        expected = len(self._keys)
        if self._recovering and len(cells) != expected:
            self._lines.problems.append(Problem(line, Kind.FRAGMENT))
            return None
        self._recovering = False
        if len(cells) > expected and any(cell.strip() for cell in cells[expected:]):
            self._lines.problems.append(Problem(line, Kind.TOO_MANY_CELLS, f"{len(cells)} cells, {expected} headers"))
            return None
        named = {key: cell for key, cell in zip(self._keys, cells, strict=False) if key}
        for key, cell in named.items():
            if cell[:1] == "'":
                named[key] = unguard(cell)
        return Row(line, named)

    def _lines_problems(self) -> Iterator[Problem]:
        problems, self._lines.problems = self._lines.problems, []
        yield from problems
