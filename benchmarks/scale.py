"""What pages cost in a large catalogue, and how that grows: queries and milliseconds of server time.

    export DATABASE_URL=postgres://root@127.0.0.1:5432/scale      # a database of its own: products stay in it
    python benchmarks/scale.py --migrate                          # 10,000, then 100,000 products in 4,000 categories
    python benchmarks/scale.py --sizes 2000 --categories 400      # a quick look

Products are generated (``benchmarks/generated.py``); a second run loads only what is missing, so that the smaller size
can be measured once only. ``benchmarks/search.py`` looks closer at the search. Addresses are fetched in this process,
anonymously, after two rounds to warm up. The last table relates the largest size to the smallest, and every page to a
view that does nothing (``/health/``).
"""

import argparse
import logging
import os
import platform
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.dev")
os.environ.setdefault("DEBUG", "false")
if "DATABASE_URL" in os.environ:
    # Another database must not leave its menus and names in the demo shop's cache.
    os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="cornhill-scale-"))

DATA = Path(os.environ.get("CORNHILL_DATA", ROOT.parent / "shared" / "data"))
# Addresses of each kind, and how often each is fetched.
ADDRESSES, ROUNDS = 25, 4


def machine() -> str:
    """Processor, its number, Python, and how long a fixed amount of Python takes here."""
    started = time.perf_counter()
    sum(number * number for number in range(3_000_000))
    took = time.perf_counter() - started
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    name = models[0].partition(":")[2].strip() if models else platform.processor()
    return f"{name} x{os.cpu_count()}, Python {platform.python_version()}, 3 M squares in {took * 1000:.0f} ms"


def addresses(*, search: bool) -> dict[str, list[str]]:
    """Addresses of each kind of page, the same for every run over the same catalogue."""
    from benchmarks.generated import SLUG
    from shop.catalog.models import CategoryPage, ProductPage

    chance = random.Random(7)
    top = CategoryPage.objects.get(slug=SLUG)
    branches = sorted(CategoryPage.objects.descendant_of(top).values_list("url_path", flat=True))
    large = [url for url in branches if url.count("/") == 4]  # directly below /home/scale/
    products = sorted(ProductPage.objects.descendant_of(top).values_list("url_path", flat=True)[:5000])
    root = top.url_path[: -len(f"{SLUG}/")]

    def paths(found: list[str]) -> list[str]:
        return [f"/{url.removeprefix(root)}" for url in chance.sample(found, min(ADDRESSES, len(found)))]

    filters = ("?colour=blue,black", "?material=oak&sort=price", "?price=20-50&available=1", "?rating=4&size=small")
    words = ("steel", "compact", "camera", "blue", "case", "smart", "oak", "cable", "quiet", "speaker")
    found = {
        "nothing (/health/)": ["/health/"],
        "whole catalogue": [f"/{SLUG}/"],
        "listing, large": paths(large),
        "listing, any": paths(branches),
        "listing, filtered": [f"{url}{chance.choice(filters)}" for url in paths(large)]
        + [f"/{SLUG}/{query}" for query in filters],
        "product": paths(products),
    }
    if search:
        found["search"] = [f"/search/?q={word}" for word in words]
        found["suggestions"] = [f"/search/suggest/?q={word[:length]}" for word in words for length in (2, 4)]
    return found


class Cost(NamedTuple):
    """Milliseconds on the clock (median, 95th percentile) and of this process's CPU (median); most queries; kB."""

    median: float
    p95: float
    cpu: float
    queries: int
    size: float


def measure(*, search: bool) -> dict[str, Cost]:
    """What each kind of page costs."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found: dict[str, Cost] = {}
    client = Client(headers={"host": "localhost"})
    for kind, urls in addresses(search=search).items():
        times, cpu, queries, sizes = [], [], 0, []
        for url in urls:
            for _ in range(2):
                response = client.get(url)
                assert response.status_code == 200, f"{url} answered {response.status_code}"
            with CaptureQueriesContext(connection) as seen:
                client.get(url)
            queries = max(queries, len(seen))
            sizes.append(len(response.content) / 1000)
            for _ in range(ROUNDS if len(urls) > 1 else ROUNDS * 10):
                started, used = time.perf_counter(), time.process_time()
                client.get(url)
                times.append((time.perf_counter() - started) * 1000)
                cpu.append((time.process_time() - used) * 1000)
        p95 = statistics.quantiles(times, n=20)[-1]
        found[kind] = Cost(statistics.median(times), p95, statistics.median(cpu), queries, statistics.median(sizes))
    return found


def report(count: int, found: dict[str, Cost]) -> None:
    from django.db import connection

    base = next(iter(found.values())).median
    print(f"\n{count:,} products, {connection.vendor}")
    print(f"{'page':20} {'median ms':>10} {'p95 ms':>8} {'CPU ms':>8} {'queries':>8} {'HTML kB':>8} {'x health':>9}")
    for kind, cost in found.items():
        print(
            f"{kind:20} {cost.median:10.1f} {cost.p95:8.1f} {cost.cpu:8.1f} {cost.queries:8} {cost.size:8.1f}"
            f" {cost.median / base:9.0f}"
        )


def measure_index() -> None:
    """How long the index of facets takes to build, to follow one change, and how much memory it is."""
    from shop.catalog.facets import index
    from shop.catalog.models import ProductPage
    from shop.catalog.signals import announce

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    index.reset()
    started = time.perf_counter()
    index.current()
    built = time.perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    announce([ProductPage.objects.live().order_by("pk").values_list("pk", flat=True)[0]])
    started = time.perf_counter()
    index.current()
    changed = (time.perf_counter() - started) * 1000
    print(f"facets: built in {built:.2f} s, {grown:.0f} MB at its peak, one changed product in {changed:.1f} ms")


def prepare(options: argparse.Namespace) -> Any:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DEBUG = False
    logging.disable(logging.INFO)
    if options.migrate:
        call_command("migrate", verbosity=0)
    from benchmarks.generated import Catalogue

    return Catalogue(DATA, options.categories)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000", help="numbers of products, ascending")
    parser.add_argument("--categories", type=int, default=4000)
    parser.add_argument("--search", action="store_true", help="the search as well, after writing its index")
    parser.add_argument("--migrate", action="store_true", help="make the tables first")
    options = parser.parse_args()
    catalogue = prepare(options)
    print(machine())
    results = {}
    for count in [int(size) for size in options.sizes.split(",")]:
        started = time.perf_counter()
        added = catalogue.load(count)
        if added:
            took = time.perf_counter() - started
            print(f"\nloaded {added:,} products in {took:.0f} s, {added / took:.0f} per second")
            catalogue.finish(search=options.search)
        measure_index()
        results[count] = measure(search=options.search)
        report(count, results[count])
    small, large = min(results), max(results)
    if small != large:
        print(f"\ngrowth from {small:,} to {large:,} products: median on the clock, median CPU")
        for kind, cost in results[large].items():
            before = results[small][kind]
            print(f"{kind:20} {cost.median / before.median:10.2f} x {cost.cpu / max(before.cpu, 0.01):8.2f} x")


if __name__ == "__main__":
    main()
