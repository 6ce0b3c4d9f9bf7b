"""Product files, whatever they are made of: CSV, packed CSV, or an Excel workbook."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from shop.imports.problems import Problem
from shop.imports.reading import CsvFile, Row
from shop.imports.workbooks import WorkbookFile

WORKBOOK_PART = "xl/workbook.xml"


class ProductFile(Protocol):
    """A file to be read once, open as a context manager."""

    path: Path
    headers: list[str]

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    @property
    def progress(self) -> float: ...

    def rows(self) -> Iterator[Row | Problem]: ...


def open_file(path: Path) -> ProductFile:
    """The reader for a file, by what is in it. Raises UnreadableFile when entered."""
    return WorkbookFile(path) if _is_workbook(path) else CsvFile(path)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return WORKBOOK_PART in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
