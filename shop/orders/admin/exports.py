"""Orders and their lines as CSV and XLSX, a row at a time, so that a million of them need no more memory than one."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cms.spreadsheets import harmless
from shop.money import to_decimal
from shop.orders.models import Document, DocumentKind, Fulfilment, Order, OrderLine

BATCH = 500
# A workbook above this many bytes goes to a file instead of memory.
IN_MEMORY = 2_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of export: what it is called, its columns, and where its rows come from."""

    name: str
    columns: dict[str, Callable[[Any], Any]]
    rows: Callable[["QuerySet[Order]"], Iterable[Any]]


class _Echo:
    """What csv writes to: gives every row back."""

    def write(self, text: str) -> str:
        return text


def _money(name: str) -> Callable[[Any], Any]:
    """A column of amounts, as decimals of the order's currency."""
    return lambda row: to_decimal(getattr(row, name), _order(row).currency)


def _order(row: Any) -> Order:
    return row.order if isinstance(row, OrderLine) else row


def _plain(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _of_order(column: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda line: column(line.order)


def _orders(orders: "QuerySet[Order]") -> Iterator[Order]:
    sent = Fulfilment.objects.filter(cancelled_at=None)
    invoices = Document.objects.filter(kind=DocumentKind.INVOICE)
    found = orders.prefetch_related(
        Prefetch("fulfilments", queryset=sent, to_attr="parcels"),
        Prefetch("documents", queryset=invoices, to_attr="invoices"),
        "lines",
    )
    return found.iterator(chunk_size=BATCH)


def _lines(orders: "QuerySet[Order]") -> Iterator[OrderLine]:
    for order in orders.prefetch_related("lines").iterator(chunk_size=BATCH):
        for line in order.lines.all():
            line.order = order
            yield line


_WHO: dict[str, Callable[[Any], Any]] = {
    "Order": _plain("number"),
    "Placed": _plain("placed_at"),
    "Status": lambda order: order.get_status_display(),
}

ORDERS = Table(
    "orders",
    {
        **_WHO,
        "E-mail": _plain("email"),
        "Name": _plain("name"),
        "Company": _plain("company"),
        "Phone": _plain("phone"),
        "Address 1": _plain("address_line_1"),
        "Address 2": _plain("address_line_2"),
        "Town": _plain("city"),
        "Region": _plain("region"),
        "Postcode": _plain("postcode"),
        "Country": _plain("country"),
        "Currency": _plain("currency"),
        "Products": _money("subtotal"),
        "Discounts": _money("discount_total"),
        "Delivery": _plain("shipping_label"),
        "Delivery charge": _money("shipping_total"),
        "Tax": _money("tax_total"),
        "Total": _money("total"),
        "Payment": _plain("payment_label"),
        "Paid": _plain("paid_at"),
        "Closed": _plain("closed_at"),
        "Units": lambda order: sum(line.quantity for line in order.lines.all()),
        "Units sent": lambda order: sum(line.fulfilled for line in order.lines.all()),
        "Units returned": lambda order: sum(line.returned for line in order.lines.all()),
        "Tracking": lambda order: ", ".join(each.tracking_number for each in order.parcels if each.tracking_number),
        "Invoice": lambda order: ", ".join(each.number for each in order.invoices),
    },
    _orders,
)
LINES = Table(
    "order-lines",
    {
        **{heading: _of_order(column) for heading, column in _WHO.items()},
        "SKU": _plain("sku"),
        "Product": _plain("title"),
        "Options": _plain("options_label"),
        "Currency": lambda line: line.order.currency,
        "Price": _money("unit_price"),
        "Units": _plain("quantity"),
        "Discount": _money("discount"),
        "Paid for it": _money("line_total"),
        "Tax rate, %": lambda line: line.tax_rate / 100,
        "Tax": _money("tax"),
        "Sent": _plain("fulfilled"),
        "Not to be sent": _plain("withdrawn"),
        "Returned": _plain("returned"),
    },
    _lines,
)
TABLES = {table.name: table for table in (ORDERS, LINES)}


def export(orders: "QuerySet[Order]", *, table: Table, file_format: str) -> HttpResponseBase:
    """The answer with the file; ``file_format`` is one of FORMATS."""
    name = f"{table.name}-{timezone.localdate():%Y-%m-%d}.{file_format}"
    if file_format == "csv":
        response: HttpResponseBase = StreamingHttpResponse(_csv(orders, table), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    return FileResponse(_xlsx(orders, table), as_attachment=True, filename=name, content_type=XLSX)


def _rows(orders: "QuerySet[Order]", table: Table) -> Iterator[list[Any]]:
    yield list(table.columns)
    for item in table.rows(orders):
        yield [_cell(column(item)) for column in table.columns.values()]


def _cell(value: Any) -> Any:
    """What a spreadsheet can hold: local times without a zone, and no text that it would run."""
    if isinstance(value, datetime):
        return timezone.make_naive(value).replace(microsecond=0)
    return harmless(value)


def _csv(orders: "QuerySet[Order]", table: Table) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    for row in _rows(orders, table):
        line: Any = writer.writerow([value.isoformat(" ") if isinstance(value, datetime) else value for value in row])
        yield line.encode("utf-8", "replace")


def _xlsx(orders: "QuerySet[Order]", table: Table) -> Any:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title=table.name)
    for row in _rows(orders, table):
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value for value in row])
    output = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed by the answer)
    workbook.save(output)
    output.seek(0)
    return output
