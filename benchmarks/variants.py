"""A product with 2,000 variants: what its screens and its page cost.

    DATABASE_URL=postgres://localhost/cornhill python benchmarks/variants.py
    python benchmarks/variants.py --variants 500

Works on the database that the settings name and takes everything back at the end. Each row says the queries and the
seconds of one request in this process; the last column relates it to the page of a product with two variants.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.dev")
os.environ.setdefault("DEBUG", "false")

RUNS = 3


def measure(name: str, ask: Callable[[], Any], base: float = 0.0) -> float:
    """Print queries and the median time of some runs; gives the time in seconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, queries = [], 0
    for _ in range(RUNS):
        with CaptureQueriesContext(connection) as seen:
            start = time.perf_counter()
            response = ask()
            times.append(time.perf_counter() - start)
            queries = len(seen)
        assert response.status_code == 200, f"{name} answered {response.status_code}"
    median = statistics.median(times)
    related = f"{median / base:10.1f}" if base else ""
    print(f"{name:44} {queries:7} {median:9.3f} {len(response.content) / 1000:9.1f} {related}")
    return median


def run(variants: int) -> None:
    """Make the product, measure, and take it back."""
    from django.db import connection, transaction
    from django.test import Client
    from django.urls import reverse
    from wagtail.models import Page

    from shop.accounts.models import User
    from shop.catalog import listing
    from shop.catalog.models import CategoryPage, ProductPage
    from tests.factories import add_combinations

    parent = CategoryPage.objects.live().first() or Page.objects.filter(depth=2).first()
    assert parent is not None, "There is no home page: make demo first."
    per_size = max(variants // 100, 1)
    with transaction.atomic():
        product = parent.add_child(instance=ProductPage(title="Benchmark carpet", slug="benchmark-carpet"))
        numbers = [str(number) for number in range(10)]
        add_combinations(product, Colour=numbers, Length=numbers, Width=[str(number) for number in range(per_size)])
        user = User.objects.create_superuser("benchmark@example.com")
        client, shopper = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
        client.force_login(user)
        url = reverse("catalog_variants", args=[product.pk])
        pairs = list(product.variants.values_list("sku", "pk"))
        fetch = {"X-Requested-With": "XMLHttpRequest"}
        print(f"{connection.vendor}, {len(pairs):,} variants, median of {RUNS} runs")
        print(f"{'request':44} {'queries':>7} {'seconds':>9} {'kB':>9} {'x page':>10}")
        small = parent.add_child(instance=ProductPage(title="Benchmark mat", slug="benchmark-mat"))
        add_combinations(small, Colour=["Chalk", "Sea"])
        base = measure("page of a product with 2 variants", lambda: shopper.get(small.url))
        measure("page of the product with all of them", lambda: shopper.get(product.url), base)
        measure("the editors' table, first page", lambda: client.get(url, headers=fetch), base)
        measure("its last page", lambda: client.get(f"{url}?page=40", headers=fetch), base)
        measure("found by a word", lambda: client.get(f"{url}?q=carpet-19", headers=fetch), base)
        measure("prices of all rows as data", lambda: client.get(f"{url}?cells=price_amount", headers=fetch), base)
        state: dict[str, int] = {"price": 1250, "weight": 0, "stock": 5}

        def save(count: int, *names: str) -> Any:
            changes = []
            fields = {"price": "price_amount", "weight": "weight", "stock": "stock_on_hand"}
            for name in names:
                before = f"{state[name] / 100:.2f}" if name == "price" else str(state[name] or "")
                state[name] += 100
                after = f"{state[name] / 100:.2f}" if name == "price" else str(state[name])
                changes += [[f"v{pk}-{fields[name]}", after, before] for _, pk in pairs[:count]]
            data = {"changes": json.dumps(changes), "new_rows": "0", "shared-stock_reason": "Counted"}
            response = client.post(url, data, headers=fetch)
            listing.refresh([product.pk])  # what the commit would do
            return response

        every = len(pairs)
        measure(f"save: price of {every:,} rows", lambda: save(every, "price"), base)
        measure(f"save: weight of {every:,} rows", lambda: save(every, "weight"), base)
        measure(f"save: stock of {every:,} rows", lambda: save(every, "stock"), base)
        measure(f"save: price, weight, stock of {every:,} rows", lambda: save(every, "price", "weight", "stock"), base)
        transaction.set_rollback(True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variants", type=int, default=2_000, help="how many, in hundreds (2000)")
    options = parser.parse_args()
    import django

    django.setup()
    run(options.variants)


if __name__ == "__main__":
    main()
