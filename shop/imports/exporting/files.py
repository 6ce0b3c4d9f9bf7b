"""Tables as files: CSV in a stream, XLSX as a whole."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from shop.imports.exporting.tables import Table

# A workbook's own limit, the header included.
XLSX_ROWS_MOST = 1_048_576
XLSX_CELL_MOST = 32_767
# Rows handed over at once.
CHUNK = 200


class ExportError(Exception):
    """The catalogue does not fit the format; the message says what to do."""


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(table: Table) -> Iterator[str]:
    """The file in portions of some lines, a byte-order mark in front: Excel takes it for UTF-8 by that."""
    writer = csv.writer(_Echo())
    waiting = ["\ufeff", writer.writerow(table.headers)]
    for row in table.rows():
        waiting.append(writer.writerow(row))
        if len(waiting) >= CHUNK:
            yield "".join(map(str, waiting))
            waiting = []
    yield "".join(map(str, waiting))


def write_csv(table: Table, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        for part in csv_lines(table):
            file.write(part)


def write_xlsx(table: Table, path: Path) -> None:
    """Every cell as text, so that a barcode keeps its zeros. Raises ExportError where the catalogue is too large."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Products")
    sheet.freeze_panes = "B2"
    sheet.append([_cell(sheet, header, bold=True) for header in table.headers])
    for number, row in enumerate(table.rows(), 2):
        if number > XLSX_ROWS_MOST:
            raise ExportError("A workbook holds about a million rows. Export CSV instead.")
        if any(len(cell) > XLSX_CELL_MOST for cell in row):
            raise ExportError(f"Row {number} has a text that is too long for a workbook. Export CSV instead.")
        sheet.append([_cell(sheet, cell) for cell in row])
    workbook.save(path)


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=_printable(text))
    cell.data_type = "s"  # never a formula, whatever it begins with
    if bold:
        cell.font = Font(bold=True)
    return cell


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n")
