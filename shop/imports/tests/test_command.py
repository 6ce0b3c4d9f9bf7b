"""What the person at the terminal sees."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from wagtail.models import Page

from shop.catalog.models import ProductPage
from shop.imports.progress import ProgressBar
from shop.imports.tests.factories import csv_text, lamp, numbered, write_bytes, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]


def run(path: Path, *options: str, **keywords: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_products", str(path), *options, stdout=out, stderr=err, **keywords)
    return out.getvalue(), err.getvalue()


def test_tells_what_it_did(tmp_path: Path) -> None:
    rows = [*numbered(2), lamp(Handle="c", **{"Variant SKU": "", "Variant Price": "", "Image Src": "1.jpg"})]
    out, err = run(write_csv(tmp_path, [lamp(**{"Variant SKU": "FIRST", "Image Src": ""}), *rows], packed=True))
    lines = out.splitlines()
    assert lines[0].startswith("Shopify product CSV “products.csv” into “Shop”: 4 products in ")
    assert lines[1:] == [
        "  4 new, 0 changed, 0 unchanged, 0 refused",
        "  new: 4 variants of 4, 1 brand, 2 categories",
        "  1 picture named by address, not fetched",
        "Mended:",
        "  1 x no SKU; one was made from handle and options (line 5)",
        "Worth knowing:",
        "  1 x pictures are named by address and were not fetched (line 5)",
        "  1 x no price; the product is shown, but cannot be bought (line 5)",
        "  --report FILE.csv lists them all.",
    ]
    assert err == "100%  4 products, " + err.partition("products, ")[2]


def test_refused_rows_are_named_and_the_good_ones_go_in(tmp_path: Path) -> None:
    rows = [lamp(), lamp(Handle="b", Title="", **{"Variant SKU": "B"}), lamp(Handle="c", **{"Variant SKU": "C"})]
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 problem kept rows out; everything else is in") as error:
        call_command("import_products", str(write_csv(tmp_path, rows)), stdout=out, stderr=io.StringIO())
    assert error.value.returncode == 3
    assert out.getvalue().splitlines()[0] == "line 3: refused: b: is a new product without a title"
    assert "  2 new, 0 changed, 0 unchanged, 1 refused" in out.getvalue()
    assert sorted(ProductPage.objects.values_list("slug", flat=True)) == ["c", "harbour-lamp"]


def test_quiet_says_only_how_it_ended(tmp_path: Path) -> None:
    out, err = run(write_csv(tmp_path, [lamp()]), verbosity=0)
    assert err == ""
    assert len(out.splitlines()) == 3


def test_verbose_names_every_note(tmp_path: Path) -> None:
    rows = [lamp(Handle=f"l{n}", **{"Variant SKU": "", "Variant Price": ""}) for n in range(5)]
    out, _ = run(write_csv(tmp_path, rows), verbosity=2)
    assert out.splitlines()[:2] == [
        "line 2: mended: L0: no SKU; one was made from handle and options",
        "line 2: note: “Harbour Lamp”: no price; the product is shown, but cannot be bought",
    ]
    assert "  5 x no SKU; one was made from handle and options (lines 2, 3, 4 and 2 more)" in out


def test_a_report_holds_every_problem(tmp_path: Path) -> None:
    rows = [lamp(Handle=f"l{n}", **{"Variant SKU": ""}) for n in range(5)]
    report = tmp_path / "report.csv"
    out, _ = run(write_csv(tmp_path, rows), "--report", str(report))
    with report.open(newline="", encoding="utf-8") as file:
        found = list(csv.reader(file))
    assert found[:2] == [
        ["line", "severity", "kind", "about", "reason"],
        ["2", "mended", "sku_derived", "L0", "no SKU; one was made from handle and options"],
    ]
    assert len(found) == 6
    assert "--report" not in out


def test_a_dry_run_says_so(tmp_path: Path) -> None:
    out, _ = run(write_csv(tmp_path, [lamp()]), "--dry-run")
    assert out.startswith("Dry run, nothing was written. ")
    assert "  1 new, 0 changed, 0 unchanged, 0 refused" in out
    assert not ProductPage.objects.exists()


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (b"", [], "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, [], "not a CSV file but a picture"),
        (bytes(range(256)) * 10, [], "The file is not a product CSV"),
        (b"<!doctype html><html><body>Not found</body></html>", [], "The file is not a product CSV"),
        (b'[{"title": "x"}]', [], "The file is not a product CSV"),
        (csv_text([lamp()]).encode(), ["--parent", "attic"], "There is no category “attic”"),
        (csv_text([lamp()]).encode(), ["--report", "/nowhere/report.csv"], "The report cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    tmp_path: Path, data: bytes, options: list[str], message: str
) -> None:
    with pytest.raises(CommandError, match=message) as error:
        run(write_bytes(tmp_path, data), *options)
    assert error.value.returncode == 1
    assert not ProductPage.objects.exists()


def test_an_interruption_leaves_whole_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from shop.imports import batches, services

    monkeypatch.setattr(batches, "BATCH_PRODUCTS", 2)
    write = services._Run._write
    calls: list[int] = []

    def interrupt(self: Any, drafts: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return write(self, drafts)

    monkeypatch.setattr(services._Run, "_write", interrupt)
    path = write_csv(tmp_path, numbered(7))
    with pytest.raises(CommandError, match="Interrupted"):
        run(path)
    assert ProductPage.objects.count() == 4
    assert Page.find_problems() == ([], [], [], [], [])
    monkeypatch.undo()
    assert "  3 new, 0 changed, 4 unchanged, 0 refused" in run(path)[0]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_over_itself_on_a_terminal() -> None:
    terminal = Terminal()
    bar = ProgressBar(OutputWrapper(terminal))
    bar.show(0.5, 1200)
    bar.show(0.51, 1210)  # too soon to be worth drawing
    bar.show(1.0, 2400)
    bar.clear()
    drawn = terminal.getvalue().split("\r")
    assert drawn[1].startswith("[" + "#" * 15 + "." * 15 + "]  50%  1,200 products, ")
    assert drawn[2].startswith("[" + "#" * 30 + "] 100%  2,400 products, ")
    assert drawn[3].strip() == drawn[4] == ""
    assert len(drawn) == 5


def test_a_log_gets_a_line_every_ten_per_cent() -> None:
    log = io.StringIO()
    bar = ProgressBar(OutputWrapper(log))
    for step in range(101):
        bar.show(step / 100, step)
    bar.clear()
    assert [line.split()[0] for line in log.getvalue().splitlines()] == [f"{n}%" for n in range(10, 101, 10)]
