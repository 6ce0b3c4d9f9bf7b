"""Imports that are looked at before they happen: compare, apply, roll back, crash, stop."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Page

from shop.catalog.models import ProductPage, Variant
from shop.imports import batches
from shop.imports.models import ImportedProduct, ImportRow, ImportRun
from shop.imports.runs import applying, changes, control
from shop.imports.services import import_products
from shop.imports.tasks import work_on
from shop.imports.tests.factories import csv_text, lamp, numbered, write_csv
from shop.inventory.models import StockItem
from shop.inventory.services import adjust, commit_sale, reserve, set_on_hand
from shop.pricing.selectors import current_quotes
from shop.pricing.services import set_price

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page"), pytest.mark.database]
State, Row = ImportRun.State, ImportRow.State


def make(rows: Sequence[Mapping[str, str]] | bytes, **fields: Any) -> ImportRun:
    """A run of a file, compared."""
    data = rows if isinstance(rows, bytes) else csv_text(rows).encode()
    run = ImportRun(file_name="lamps.csv", **fields)
    run.file.save("lamps.csv", ContentFile(data), save=False)
    run.heartbeat = timezone.now()
    run.phase = State.COMPARING
    run.save()
    return work(run)


def work(run: ImportRun) -> ImportRun:
    work_on.call(run.pk)
    run.refresh_from_db()
    return run


def go(run: ImportRun, state: str) -> ImportRun:
    """Start the next step and do it."""
    control.start(run, state=state, allowed=[run.state])
    return work(run)


def apply(run: ImportRun) -> ImportRun:
    return go(run, State.APPLYING)


def undo(run: ImportRun) -> ImportRun:
    return go(run, State.UNDOING)


def outcomes(run: ImportRun) -> list[tuple[str, str]]:
    return list(run.rows.order_by("line").values_list("title", "outcome"))


def states(run: ImportRun) -> list[tuple[str, str]]:
    return list(run.rows.order_by("line").values_list("key", "state"))


def fields(row: ImportRow | None) -> dict[str, tuple[Any, Any]]:
    assert row is not None
    return {change["field"]: (change["old"], change["new"]) for change in row.changes}


def price(sku: str) -> int:
    pk = Variant.objects.get(sku=sku).pk
    return current_quotes([pk])[pk].amount


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Any]:
    """What the shop has already, from an earlier import."""

    def _load(rows: Sequence[Mapping[str, str]]) -> Any:
        return import_products(path=write_csv(tmp_path, rows))

    return _load


class TestComparing:
    def test_writes_nothing_and_names_every_field(self, load: Any) -> None:
        load([lamp(), lamp(Handle="quay", Title="Quay", **{"Variant SKU": "Q"})])
        rows = [
            lamp(Title="Harbour Lamp II", **{"Variant Price": "45", "Variant Inventory Qty": "3"}),
            lamp(Handle="quay", Title="Quay", **{"Variant SKU": "Q"}),
            lamp(Handle="new", Title="New one", **{"Variant SKU": "N"}),
            lamp(Handle="", Title="", **{"Variant SKU": "X"}),
        ]
        run = make(rows)
        assert (run.state, run.dialect, run.progress) == (State.REVIEW, "Shopify product CSV", 1.0)
        assert outcomes(run) == [
            ("Harbour Lamp", "changed"),
            ("Quay", "unchanged"),
            ("New one", "new"),
            ("Line 5", "refused"),
        ]
        assert fields(run.rows.get(key="harbour-lamp")) == {
            "title": ("Harbour Lamp", "Harbour Lamp II"),
            "price": ([4950, 6000, "GBP"], [4500, 6000, "GBP"]),
            "stock": (12, 3),
        }
        shown = list(changes.shown(run.rows.get(key="harbour-lamp").changes))
        assert shown[1] == {
            "label": "Price",
            "sku": "LAMP-1",
            "old": "£49.50 (was £60.00)",
            "new": "£45.00 (was £60.00)",
        }
        assert (ProductPage.objects.count(), ProductPage.objects.get(slug="harbour-lamp").title) == (2, "Harbour Lamp")
        assert run.rows.get(outcome="refused").problems == [[5, "NO_KEY", ""]]

    def test_a_file_that_cannot_be_read_says_why(self) -> None:
        run = make(b"%PDF-1.4")
        assert (run.state, run.message) == (State.FAILED, "lamps.csv is not a CSV file but a PDF.")

    def test_can_be_done_again(self) -> None:
        run = make(numbered(3))
        control.start(run, state=State.COMPARING, allowed=[State.REVIEW])
        work(run)
        assert (run.state, run.rows.count()) == (State.REVIEW, 3)


class TestApplying:
    def test_writes_what_is_accepted_and_nothing_else(self) -> None:
        run = make(numbered(4))
        run.rows.filter(key="lamp-2").update(accepted=False)
        apply(run)
        assert run.state == State.APPLIED
        assert set(ProductPage.objects.values_list("slug", flat=True)) == {"lamp-0", "lamp-1", "lamp-3"}
        assert states(run) == [
            ("lamp-0", "applied"),
            ("lamp-1", "applied"),
            ("lamp-2", "waiting"),
            ("lamp-3", "applied"),
        ]
        assert run.rows.get(key="lamp-0").product == ProductPage.objects.get(slug="lamp-0").page_ptr.specific
        assert Page.find_problems() == ([], [], [], [], [])

    def test_does_not_write_over_what_changed_since_somebody_looked(self, load: Any) -> None:
        load([lamp()])
        run = make([lamp(Title="New title")])
        ProductPage.objects.update(title="Edited meanwhile")
        apply(run)
        row = run.rows.get()
        assert (row.state, row.reason) == (Row.STALE, applying.STALE)
        assert ProductPage.objects.get().title == "Edited meanwhile"

    def test_as_drafts(self, load: Any) -> None:
        load([lamp()])
        run = apply(make([lamp(Title="Draft title", **{"Variant Price": "40"}), *numbered(1)], publish=False))
        old, new = ProductPage.objects.get(slug="harbour-lamp"), ProductPage.objects.get(slug="lamp-0")
        assert (old.title, old.live, old.has_unpublished_changes, old.draft_title) == (
            "Harbour Lamp",
            True,
            True,
            "Draft title",
        )
        assert old.get_latest_revision_as_object().title == "Draft title"
        assert (new.live, new.has_unpublished_changes, price("LAMP-1")) == (False, True, 4000)
        undo(run)
        old.refresh_from_db()
        assert (old.has_unpublished_changes, old.latest_revision, price("LAMP-1")) == (False, None, 4950)
        assert not ProductPage.objects.filter(slug="lamp-0").exists()

    def test_a_product_to_which_the_file_comes_back(self) -> None:
        first, second = (
            lamp(**{"Option1 Name": "Size", "Option1 Value": "S"}),
            lamp(**{"Option1 Name": "Size", "Option1 Value": "L", "Variant SKU": "LAMP-2"}),
        )
        run = apply(make([first, *numbered(1), second]))
        assert {row.state for row in run.rows.all()} == {Row.APPLIED}
        assert set(Variant.objects.values_list("sku", flat=True)) == {"LAMP-1", "LAMP-0", "LAMP-2"}
        undo(run)
        assert (ProductPage.objects.count(), Variant.objects.count()) == (0, 0)

    def test_one_product_that_the_database_refuses_does_not_keep_the_others_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.db import DataError

        from shop.imports import writing

        make_page = writing.new_page

        def refuse(draft: Any, *args: Any, **kwargs: Any) -> ProductPage:
            if draft.key == "lamp-1":
                raise DataError("too long")
            return make_page(draft, *args, **kwargs)

        run = make(numbered(4))
        monkeypatch.setattr(writing, "new_page", refuse)
        apply(run)
        assert states(run)[1] == ("lamp-1", "failed")
        assert run.rows.get(key="lamp-1").reason == "The database refused it: too long"
        assert ProductPage.objects.count() == 3


class TestCrash:
    def test_goes_on_where_the_last_portion_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batches, "BATCH_PRODUCTS", 2)
        run = make(numbered(6))
        write, calls = applying._Application._write, [0]

        def die(self: Any, chosen: Any) -> None:
            calls[0] += 1
            if calls[0] == 2:
                raise KeyboardInterrupt
            write(self, chosen)

        monkeypatch.setattr(applying._Application, "_write", die)
        control.start(run, state=State.APPLYING, allowed=[State.REVIEW])
        with pytest.raises(KeyboardInterrupt):
            work_on.call(run.pk)
        run.refresh_from_db()
        assert (run.state, ProductPage.objects.count()) == (State.APPLYING, 2)
        # Nobody else takes it while its worker may be alive; afterwards the sweep does.
        assert control.claim(run.pk) is None
        with pytest.raises(control.RunBusy):
            control.resume(run)
        ImportRun.objects.update(heartbeat=timezone.now() - control.SILENT_MOST - timedelta(seconds=1))
        work(run)
        assert (run.state, ProductPage.objects.count()) == (State.APPLIED, 6)
        assert {row.state for row in run.rows.all()} == {Row.APPLIED}
        assert Page.find_problems() == ([], [], [], [], [])

    def test_the_sweep_takes_up_what_lost_its_worker(self) -> None:
        from django.core.management import call_command

        run = make(numbered(2))
        ImportRun.objects.update(
            state=State.APPLYING, phase=State.APPLYING, token="gone", heartbeat=timezone.now() - timedelta(hours=1)
        )
        call_command("resume_imports")
        run.refresh_from_db()
        assert (run.state, ProductPage.objects.count()) == (State.APPLIED, 2)

    def test_an_unexpected_error_can_be_resumed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        run = make(numbered(2))
        write = applying._Application.execute
        monkeypatch.setattr(applying._Application, "execute", lambda self: 1 / 0)
        apply(run)
        assert (run.state, run.message) == (
            State.FAILED,
            "It stopped unexpectedly (ZeroDivisionError). What went in is complete.",
        )
        monkeypatch.setattr(applying._Application, "execute", write)
        control.resume(run)
        assert work(run).state == State.APPLIED

    def test_somebody_may_stop_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batches, "BATCH_PRODUCTS", 2)
        run = make(numbered(6))
        write = applying._Application._write

        def press_stop(self: Any, chosen: Any) -> None:
            write(self, chosen)
            control.stop(run)

        monkeypatch.setattr(applying._Application, "_write", press_stop)
        apply(run)
        assert (run.state, ProductPage.objects.count()) == (State.STOPPED, 2)
        undo(run)
        assert (run.state, ProductPage.objects.count()) == (State.UNDONE, 0)

    def test_cancelled_before_it_began(self) -> None:
        run = make(numbered(1))
        control.stop(run)
        run.refresh_from_db()
        assert run.state == State.CANCELLED
        with pytest.raises(control.RunBusy):
            control.start(run, state=State.APPLYING, allowed=[State.REVIEW])


class TestRollingBack:
    CHANGED = lamp(
        Title="Other",
        Vendor="Somebody",
        **{"Variant Price": "40", "Variant Inventory Qty": "20", "Variant Barcode": "4006381333931", "SEO Title": "S"},
    )

    def test_everything_is_as_it_was(self, load: Any) -> None:
        load([lamp()])
        page, said = ProductPage.objects.get(), ImportedProduct.objects.get().statements
        run = undo(apply(make([self.CHANGED, *numbered(2)])))
        page.refresh_from_db()
        assert (run.state, set(dict(states(run)).values())) == (State.UNDONE, {"undone"})
        assert (page.title, page.brand and page.brand.name, page.seo_title) == (
            "Harbour Lamp",
            "Orwell Lighting",
            "Harbour Lamp in brass",
        )
        assert (price("LAMP-1"), StockItem.objects.get(sku="LAMP-1").on_hand) == (4950, 12)
        assert Variant.objects.get().barcode == "5012345678900"
        assert ImportedProduct.objects.get().statements == said
        assert Page.find_problems() == ([], [], [], [], [])
        # The same file would change the same things again.
        assert outcomes(make([self.CHANGED, *numbered(2)]))[0] == ("Harbour Lamp", "changed")

    def test_later_edits_are_left_alone(self, load: Any) -> None:
        load([lamp()])
        run = apply(make([self.CHANGED, *numbered(1)]))
        ProductPage.objects.filter(slug="harbour-lamp").update(title="Edited since")
        set_price(variant=Variant.objects.get(sku="LAMP-1"), amount=3900, currency="GBP")
        reserve({"LAMP-1": 2})
        commit_sale({"LAMP-1": 2}, "T-1")
        new = ProductPage.objects.get(slug="lamp-0")
        new.save_revision().publish()
        undo(run)
        page = ProductPage.objects.get(slug="harbour-lamp")
        assert (page.title, page.seo_title, price("LAMP-1")) == ("Edited since", "Harbour Lamp in brass", 3900)
        assert StockItem.objects.get(sku="LAMP-1").on_hand == 10  # 12 before, two sold since
        row = run.rows.get(key="harbour-lamp")
        assert (row.state, row.reason) == (
            Row.KEPT,
            "Title has been edited since. LAMP-1: the price has changed since.",
        )
        assert run.rows.get(key="lamp-0").reason == "The product has been edited since and was kept."
        assert ProductPage.objects.filter(slug="lamp-0").exists()

    def test_counted_stock_and_moved_new_products_stay(self, load: Any) -> None:
        load([lamp()])
        run = apply(make([self.CHANGED, *numbered(1)]))
        set_on_hand(sku="LAMP-1", on_hand=17)
        adjust(sku="LAMP-0", quantity=1)
        undo(run)
        assert StockItem.objects.get(sku="LAMP-1").on_hand == 17
        assert "LAMP-1: the stock has been counted since." in run.rows.get(key="harbour-lamp").reason
        assert "sold or moved in stock" in run.rows.get(key="lamp-0").reason

    def test_a_product_that_a_later_import_changed_stays(self, load: Any) -> None:
        run = apply(make(numbered(1)))
        apply(make([{**numbered(1)[0], "Title": "Later"}]))
        undo(run)
        assert run.rows.get().reason == "Another import has changed the product since; it was kept."

    def test_variants_that_came_go(self, load: Any) -> None:
        sizes = [lamp(**{"Option1 Name": "Size", "Option1 Value": size, "Variant SKU": f"L-{size}"}) for size in "SML"]
        load(sizes[:1])
        run = apply(make(sizes))
        reserve({"L-M": 1})
        commit_sale({"L-M": 1}, "T-2")
        undo(run)
        assert set(Variant.objects.values_list("sku", flat=True)) == {"L-S", "L-M"}
        assert "L-M has been sold" in run.rows.get().reason
