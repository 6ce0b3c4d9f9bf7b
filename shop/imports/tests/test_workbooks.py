"""Excel workbooks as product files."""

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from shop.imports import workbooks
from shop.imports.files import open_file
from shop.imports.problems import Kind, Problem
from shop.imports.reading import CsvFile, Row, UnreadableFile
from shop.imports.workbooks import WorkbookFile

HEADER = ["product", "sku", "price", "barcode"]


def write(folder: Path, lines: list[list[Any]], *, sheets: int = 1) -> Path:
    book = Workbook()
    for _ in range(sheets - 1):
        book.create_sheet("Empty before", 0)
    sheet = book.worksheets[-1]
    for line in lines:
        sheet.append(line)
    book.save(folder / "products.xlsx")
    return folder / "products.xlsx"


def rows(path: Path) -> list[Row | Problem]:
    with open_file(path) as file:
        return list(file.rows())


def test_cells_are_what_a_csv_would_say(tmp_path: Path) -> None:
    line = ["a", 12.0, 0.1 + 0.2, 4006381333931.0, True, datetime.datetime(2026, 3, 31), None, " x ", "'=1", 1e-7]  # noqa: DTZ001
    path = write(tmp_path, [[*"abcdefghij"], line])
    (row,) = rows(path)
    assert isinstance(row, Row)
    assert list(row.cells.values()) == [
        "a", "12", "0.3", "4006381333931", "yes", "2026-03-31", "", " x ", "=1", "0.0000001",
    ]  # fmt: skip


def test_a_formula_is_what_it_last_said(tmp_path: Path) -> None:
    path = write(tmp_path, [HEADER, ["a", "=1+1", '=HYPERLINK("http://x")', ""]])
    (row,) = rows(path)
    assert isinstance(row, Row)
    assert (row.cells["product"], row.cells["sku"]) == ("a", "")  # openpyxl computes nothing, so nothing was said


def test_the_first_sheet_with_rows_counts_and_gaps_do_not(tmp_path: Path) -> None:
    path = write(tmp_path, [HEADER, ["a"], [], [None, None], ["b"]], sheets=2)
    assert [(row.line, row.cells["product"]) for row in rows(path) if isinstance(row, Row)] == [(2, "a"), (5, "b")]


def test_is_known_by_its_content(tmp_path: Path) -> None:
    path = write(tmp_path, [HEADER, ["a"]]).rename(tmp_path / "products.csv")
    assert isinstance(open_file(path), WorkbookFile)
    other = tmp_path / "other.xlsx"
    other.write_bytes(b"product,sku\na,b\n")
    assert isinstance(open_file(other), CsvFile)


def test_progress_and_headers(tmp_path: Path) -> None:
    with open_file(write(tmp_path, [["  Product ", "SKU", "sku"], *([str(n)] for n in range(50))])) as file:
        assert file.headers == ["Product", "SKU", "sku"]
        found = list(file.rows())
        assert found[0] == Problem(1, Kind.REPEATED_HEADER, "sku")
        assert file.progress == 1.0


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="has no rows"):
        rows(write(tmp_path, []))


@pytest.mark.parametrize("size", [0.3, 0.6, 0.95])
def test_a_workbook_that_breaks_off(tmp_path: Path, size: float) -> None:
    path = write(tmp_path, [HEADER, *([str(n)] for n in range(2000))])
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * size)])
    with pytest.raises(UnreadableFile):
        rows(path)


def test_damage_inside(tmp_path: Path) -> None:
    path = write(tmp_path, [HEADER, *([f"{n}" * 9] for n in range(3000))])
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            cut = entry.filename.startswith("xl/worksheets/")
            target.writestr(entry.filename, data[: len(data) // 2] + b"<<<" if cut else data)
    found = rows(path)
    assert isinstance(found[-1], Problem)
    assert found[-1].kind is Kind.FILE_BREAKS_OFF
    assert len(found) > 1000


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = write(tmp_path, [HEADER, ["a"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"\0" * 50_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to 47 MB, more than a workbook of products needs"):
        rows(path)


def test_an_endless_sheet_of_nothing_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "EMPTY_ROWS_MOST", 10)
    path = write(tmp_path, [HEADER, ["a"], *([None] for _ in range(20)), ["never"]])
    assert [row.cells["product"] for row in rows(path) if isinstance(row, Row)] == ["a"]


def test_entities_do_not_explode(tmp_path: Path) -> None:
    """A "billion laughs" in the sheet: the parser refuses it, or it says nothing."""
    path = write(tmp_path, [HEADER, ["a"]])
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry).decode()
            if entry.filename.startswith("xl/worksheets/"):
                data = bomb + data.partition("?>")[2].replace("<v>", "<v>&l9;") if "?>" in data else bomb + data
            target.writestr(entry.filename, data)
    try:
        found = rows(path)
    except UnreadableFile:
        return
    assert len(str(found)) < 10_000
