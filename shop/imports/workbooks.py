"""Excel workbooks (XLSX) as rows: the first sheet that has any, read row by row."""

import datetime
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from shop.imports.problems import Kind, Problem
from shop.imports.reading import MAX_CELL, Row, UnreadableFile, header_keys
from shop.imports.spreadsheets import unguard

# Bytes that the parts of a workbook may unpack to: its texts are held in memory while it is read.
UNPACKED_MOST = 600 * 1024**2
# ... and how many times the file's own size; honest workbooks are below 30.
RATIO_MOST = 200
COLUMNS_MOST = 1_000
# Empty rows after which nothing more is expected.
EMPTY_ROWS_MOST = 5_000
BROKEN = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, OSError, EOFError, IndexError)


class WorkbookFile:
    """A workbook, open for reading once. Use as a context manager. Raises UnreadableFile when opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.headers: list[str] = []
        self._done, self._number = 0.0, 0

    def __enter__(self) -> Self:
        self._check_size()
        with ExitStack() as stack:
            # Opened here: given a name, openpyxl judges by its ending.
            file = stack.enter_context(self.path.open("rb"))
            try:
                self._workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
                stack.callback(self._workbook.close)
                self._open()
            except (*BROKEN, InvalidFileException) as error:
                raise UnreadableFile(f"{self.path} is not an Excel workbook that can be read: {error}.") from error
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def progress(self) -> float:
        """How much has been read, from 0 to 1, as far as the workbook says how long it is."""
        return min(self._number / self._expected, 1.0) if self._expected else 1.0

    def rows(self) -> Iterator[Row | Problem]:
        """The rows below the header."""
        yield from self._header_problems
        empty = 0
        try:
            for number, cells in self._records:
                self._number = number
                if not any(cells):
                    empty += 1
                    if empty > EMPTY_ROWS_MOST:
                        return
                    continue
                empty = 0
                if any(len(cell) > MAX_CELL for cell in cells):
                    yield Problem(self._number, Kind.LINE_TOO_LONG)
                    continue
                yield Row(self._number, {key: cell for key, cell in zip(self._keys, cells, strict=False) if key})
        except BROKEN as error:
            yield Problem(self._number + 1, Kind.FILE_BREAKS_OFF, str(error)[:200])

    def _check_size(self) -> None:
        """A bomb is known by its directory: zipfile never unpacks more than that says."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
            packed = self.path.stat().st_size
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise UnreadableFile(f"{self.path} cannot be read: {error}.") from error
        if unpacked > UNPACKED_MOST or unpacked > RATIO_MOST * packed:
            raise UnreadableFile(
                f"{self.path} unpacks to {unpacked // 1024**2:,} MB, more than a workbook of products needs. "
                "Save the sheet as CSV."
            )

    def _open(self) -> None:
        for sheet in self._workbook.worksheets:
            self._expected = sheet.max_row or 0
            sheet.reset_dimensions()  # what a sheet says of its width is often wrong
            records = (
                (number, [_text(value) for value in islice(values, COLUMNS_MOST)])
                for number, values in enumerate(sheet.iter_rows(values_only=True), 1)
            )
            first = next(((number, cells) for number, cells in islice(records, 100) if any(cells)), None)
            if first:
                self._records = records
                self.headers = [" ".join(title.split()) for title in first[1]]
                self._keys, self._header_problems = header_keys(self.headers, first[0])
                return
        raise UnreadableFile(f"{self.path} has no rows.")


def _text(value: Any) -> str:
    """A cell as the same cell of a CSV file would say it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # 8013456789012.0 is how Excel keeps a barcode, 0.1 + 0.2 how it keeps a sum.
        return (
            str(int(value))
            if value.is_integer() and abs(value) < 1e15
            else format(Decimal(repr(round(value, 10))), "f")
        )
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return unguard(str(value).replace("\0", "").replace("_x000D_", ""))
