"""Reading a file of new prices: a row per SKU, whatever spreadsheet program wrote it."""

import csv
import io
from collections.abc import Iterator

from cms.spreadsheets import unguarded
from shop.money import MoneyError, to_minor
from shop.pricing.proposing import Wanted

BYTES_MOST = 5_000_000
ROWS_MOST = 20_000
CELL_MOST = 200
COLUMNS = {
    "sku": ("sku", "variant sku"),
    "amount": ("price", "new price", "amount", "variant price"),
    "compare_at": ("compare at", "compare-at price", "compare at price", "variant compare at price"),
}


class UnreadableFile(ValueError):
    """The file as a whole is no list of prices; the message says why."""


def read_prices(*, data: bytes, currency: str) -> list[Wanted]:
    """One entry per row that says anything; what is wrong with a row is its ``problem``. Raises UnreadableFile."""
    if len(data) > BYTES_MOST:
        raise UnreadableFile(f"The file is larger than {BYTES_MOST // 1_000_000} MB.")
    rows = _rows(_text(data))
    places = _places(next(rows, []))
    found: list[Wanted] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if len(found) >= ROWS_MOST:
            raise UnreadableFile(f"The file has more than {ROWS_MOST:,} rows: make several files of it.")
        cells = {name: _cell(row, place) for name, place in places.items()}
        if not any(cells.values()):
            continue
        found.append(_wanted(cells, number, seen, currency))
    if not found:
        raise UnreadableFile("The file has no rows below its heading.")
    return found


def _text(data: bytes) -> str:
    if b"\x00" in data:
        raise UnreadableFile("This is no text file. Save the table as CSV (UTF-8).")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes where nobody chose "CSV UTF-8".
        return data.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[list[str]]:
    heading = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableFile(f"The file cannot be read as CSV: {error}.") from error


def _places(heading: list[str]) -> dict[str, int]:
    names = [" ".join(cell.replace("_", " ").split()).casefold() for cell in heading]
    places = {
        column: names.index(name) for column, known in COLUMNS.items() for name in reversed(known) if name in names
    }
    if missing := [name for name in ("sku", "amount") if name not in places]:
        wanted = " and ".join({"sku": "“SKU”", "amount": "“Price”"}[name] for name in missing)
        raise UnreadableFile(f"The first row names no column {wanted}.")
    return places


def _cell(row: list[str], place: int) -> str:
    return unguarded(row[place].strip()).strip() if place < len(row) else ""


def _wanted(cells: dict[str, str], number: int, seen: set[str], currency: str) -> Wanted:
    sku = cells["sku"]
    problem, amount, compare_at = "", None, None
    if not sku:
        problem = "No SKU."
    elif len(sku) > 64:
        problem = "The SKU is too long."
    elif sku in seen:
        problem = "The file has this SKU twice."
    else:
        try:
            amount = _amount(cells["amount"], currency)
            compare_at = _amount(cells["compare_at"], currency) if cells.get("compare_at") else None
        except MoneyError as error:
            problem = str(error)
    seen.add(sku)
    return Wanted(sku[:64] or f"row {number}", amount, compare_at, f"Row {number}: {problem}" if problem else "")


def _amount(text: str, currency: str) -> int:
    """Raises MoneyError. A decimal comma is understood where there is no point."""
    plain = text[:CELL_MOST].lstrip("£$€ ").replace("\u00a0", "")
    if "," in plain and "." not in plain and len(plain.rpartition(",")[2]) <= 2:
        plain = plain.replace(",", ".")
    return to_minor(plain, currency)
