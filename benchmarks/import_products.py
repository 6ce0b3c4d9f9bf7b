"""How fast product files go into the shop, and how much memory that takes.

    python benchmarks/import_products.py                        # SQLite, the real file in CORNHILL_DATA
    DATABASE_URL=postgres://root@127.0.0.1:5432/postgres python benchmarks/import_products.py
    python benchmarks/import_products.py --times 15             # 100,000 products (other handles and SKUs)

What a worker does afterwards (the search's documents) is not counted; ``TASKS=immediate`` counts it.
Works in an empty test database, which is removed afterwards. Three imports: everything new, the same file again, and
the file with every tenth title and price changed. CPU seconds are those of this process, without the database server's.
"""

import argparse
import csv
import gzip
import io
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")
# As in production: what follows from new products (the search's documents) is a worker's work.
os.environ.setdefault("TASKS", "database")

DATA = Path(os.environ.get("CORNHILL_DATA", ROOT.parent / "shared" / "data"))


def rows(path: Path) -> Iterator[list[str]]:
    """The records of a CSV, plain or gzip, the header first."""
    data = path.read_bytes()
    text = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    yield from csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))


def write_copy(source: Path, target: Path, *, times: int, changed: bool) -> None:
    """The file so many times over with other handles and SKUs; with every tenth title and price changed."""
    records = rows(source)
    header = next(records)
    handle, title, sku, price = (header.index(name) for name in ("Handle", "Title", "Variant SKU", "Variant Price"))
    kept = list(records)
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for copy in range(times):
            for number, record in enumerate(kept):
                row = list(record)
                if copy:
                    row[handle], row[sku] = f"{row[handle]}-{copy}", f"{row[sku]}-{copy}"
                if changed and number % 10 == 0:
                    row[title], row[price] = f"{row[title]} II", "9.99"
                writer.writerow(row)


def measure(label: str, path: Path) -> None:
    """Import once and print what it took."""
    from shop.imports.services import Outcome, import_products

    wall, cpu = time.perf_counter(), time.process_time()
    summary = import_products(path=path)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    total = sum(summary.products.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    parts = ", ".join(f"{summary.products[outcome]:,} {outcome.value}" for outcome in Outcome)
    print(f"{label:14} {wall:7.1f} s {total / wall:8,.0f}/s {cpu:7.1f} CPU s {total / cpu:8,.0f}/CPU s "
          f"{peak:7.0f} MB peak   {parts}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, default=DATA / "esci" / "products.csv.gz")
    parser.add_argument("--times", type=int, default=1)
    options = parser.parse_args()
    if not options.file.exists():
        sys.exit(f"{options.file} is not there: set CORNHILL_DATA to the folder of the product files, or give --file.")

    import django

    django.setup()
    from django.db import connection

    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            # A file, as in production: a database in memory would be faster than any shop's.
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            plain, changed = Path(folder) / "products.csv", Path(folder) / "changed.csv"
            for target, differs in ((plain, False), (changed, True)):
                # In a process of its own: what making the file takes is not what importing it takes.
                maker = multiprocessing.get_context("spawn").Process(
                    target=write_copy, args=[options.file, target], kwargs={"times": options.times, "changed": differs}
                )
                maker.start()
                maker.join()
            size = plain.stat().st_size / 1024**2
            print(
                f"{connection.vendor}, {options.file.name} x {options.times}, {size:.1f} MB, Python {sys.version[:6]}"
            )
            measure("new", plain)
            measure("the same again", plain)
            measure("10 % changed", changed)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
