"""Product files to import."""

import csv
import gzip
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

# One complete row in legacy headers; tests say what differs.
LAMP = {
    "Handle": "harbour-lamp",
    "Title": "Harbour Lamp",
    "Body (HTML)": "<p>Brass, on a ceramic foot.</p>",
    "Vendor": "Orwell Lighting",
    "Product Category": "Lighting > Table lamps",
    "Type": "Lamp",
    "Published": "true",
    "Option1 Name": "Title",
    "Option1 Value": "Default Title",
    "Variant SKU": "LAMP-1",
    "Variant Grams": "1200",
    "Variant Inventory Tracker": "shopify",
    "Variant Inventory Qty": "12",
    "Variant Inventory Policy": "deny",
    "Variant Price": "49.50",
    "Variant Compare At Price": "60.00",
    "Variant Barcode": "5012345678900",
    "SEO Title": "Harbour Lamp in brass",
    "SEO Description": "A table lamp.",
    "Status": "active",
}


def lamp(**cells: str) -> dict[str, str]:
    """``LAMP`` with other cells: ``lamp(Title="Quay Lamp", **{"Variant SKU": "LAMP-2"})``."""
    return {**LAMP, **cells}


def numbered(count: int, **cells: str) -> list[dict[str, str]]:
    """So many different products."""
    return [lamp(Handle=f"lamp-{n}", Title=f"Lamp {n}", **{"Variant SKU": f"LAMP-{n}"}, **cells) for n in range(count)]


def csv_text(rows: Iterable[Mapping[str, str]], headers: Iterable[str] = ()) -> str:
    """A CSV with these headers (default: the first row's)."""
    rows = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(headers) or list(rows[0]), restval="", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_csv(
    folder: Path, rows: Iterable[Mapping[str, str]], *, name: str = "products.csv", packed: bool = False
) -> Path:
    """A product file, plain or gzip."""
    data = csv_text(rows).encode()
    return write_bytes(folder, gzip.compress(data) if packed else data, name=name)


def write_bytes(folder: Path, data: bytes, *, name: str = "products.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
