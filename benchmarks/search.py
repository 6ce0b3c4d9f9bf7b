"""How fast and how forgiving the search is in a large shop.

    DATABASE_URL=postgres://root@127.0.0.1:5432/postgres python benchmarks/search.py                # 100,000 products
    python benchmarks/search.py --products 10000 --keep     # SQLite; keep the test database and use it again

Products are recombined from the titles and texts of the real catalogue in CORNHILL_DATA, so words are as frequent as
they really are; below 4,000 categories of a real tree. Everything is seeded. Works in a test database. Times are of
whole requests (middleware, view, template), warm, one after the other, and as a multiple of the same page without a
query. Typos: of 300 words that find their product among the first ten, each with one random slip, how many still do.
"""

import argparse
import json
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")

DATA = Path(os.environ.get("CORNHILL_DATA", ROOT.parent / "shared" / "data"))
CATEGORIES = 4000
BATCH = 1000
QUERIES = 200
TYPOS = 300
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def read_products() -> list[tuple[str, str, str]]:
    """Title, brand and description of the real products."""
    from search.evaluation import read_catalogue

    found = read_catalogue(DATA / "esci" / "products.csv.gz")
    return [(document.title, document.brand, document.body) for document, _ in found]


def read_categories() -> list[str]:
    """Names of a real tree."""
    tree = json.loads((DATA / "categories" / "categories.json").read_text())
    return [str(node["name"])[:100] for node in tree][:CATEGORIES]


def fill(products: int) -> None:
    """Categories and products, live, with listing rows and documents."""
    from django.db import transaction
    from wagtail.models import Page, Site

    from search import services
    from shop.catalog import bulk
    from shop.catalog.models import CategoryPage, ListingRow, ProductPage

    chance = random.Random(7)
    real = read_products()
    site = Site.objects.filter(is_default_site=True).first()
    parent = site.root_page.pk if site else Page.objects.filter(depth=1).first().pk
    names = read_categories()
    categories = [CategoryPage(title=name, slug=f"c{number}") for number, name in enumerate(names)]
    with transaction.atomic():
        bulk.add_pages([(parent, category) for category in categories])
    brands, _ = bulk.ensure_brands({brand for _, brand, _ in real if brand})
    for start in range(0, products, BATCH):
        batch: list[tuple[int, ProductPage]] = []
        for number in range(start, min(start + BATCH, products)):
            title, brand, body = real[number % len(real)]
            if number >= len(real):
                other = chance.choice(real)[0].split()
                words = title.split()
                half = max(1, len(words) // 2)
                title = " ".join([*words[:half], *other[len(other) // 2 :]])
                body = chance.choice(real)[2]
            page = ProductPage(title=title[:255], slug=f"p{number}", body=body, brand=brands.get(brand.casefold()))
            batch.append((chance.choice(categories).pk, page))
        with transaction.atomic():
            bulk.add_pages(batch)
            ListingRow.objects.bulk_create(
                [
                    ListingRow(
                        product=page,
                        price=chance.randrange(500, 50_000),
                        price_highest=50_000,
                        currency="GBP",
                        available=chance.random() < 0.9,
                        popularity=int(chance.paretovariate(1.2)),
                    )
                    for _, page in batch
                ]
            )
        print(f"\r{start + len(batch):>8} products", end="", flush=True)
    started, cpu = time.perf_counter(), time.process_time()
    services.rebuild()
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(f"\nindexed {products} products in {took:.1f} s: {products / took:.0f} products/s ({cpu:.1f} s of CPU here)")


def queries(kind: str) -> Iterator[str]:
    """What people type: words of products, whole or begun."""
    chance = random.Random(11)
    real = [title for title, _, _ in read_products()]
    for _ in range(QUERIES):
        words = [word for word in chance.choice(real).split() if word.isalpha() and len(word) > 2] or ["mug"]
        first = chance.randrange(len(words))
        chosen = words[first : first + chance.choice([1, 1, 2, 2, 3])]
        if kind == "suggest":
            yield " ".join([*chosen[:-1], chosen[-1][: chance.randrange(2, 7)]])
        elif kind == "typo":
            yield " ".join([*chosen[:-1], slip(chosen[-1].lower(), chance)])
        else:
            yield " ".join(chosen)


def slip(word: str, chance: random.Random) -> str:
    """The word with one letter more, less, another, or two swapped; never the word itself."""
    while True:
        place = chance.randrange(len(word))
        kind = chance.choice(["insert", "delete", "replace", "swap"])
        letter = chance.choice(LETTERS)
        if kind == "insert":
            made = word[:place] + letter + word[place:]
        elif kind == "delete":
            made = word[:place] + word[place + 1 :]
        elif kind == "replace":
            made = word[:place] + letter + word[place + 1 :]
        else:
            made = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
        if made and made != word:
            return made


def timed(label: str, request: Callable[[str], Any], asked: list[str], base: float | None = None) -> float:
    """Ask everything once unmeasured, then measured; gives the median in milliseconds."""
    for query in asked[:20]:
        request(query)
    times = []
    for query in asked:
        started = time.perf_counter()
        request(query)
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    ratio = f"   {median(times) / base:5.1f} x" if base else ""
    p95 = times[int(0.95 * (len(times) - 1))]
    print(f"{label:<22} {median(times):7.1f} ms median {p95:8.1f} ms p95 {times[-1]:8.1f} ms worst{ratio}")
    return median(times)


def measure_pages() -> None:
    """Suggestions and results pages."""
    from django.test import Client

    client = Client()

    def page(query: str) -> None:
        assert client.get("/search/", {"q": query}).status_code == 200

    def suggest(query: str) -> None:
        assert client.get("/search/suggest/", {"q": query}).status_code == 200

    base = timed("page without a query", page, [""] * 50)
    timed("suggestions", suggest, list(queries("suggest")), base)
    timed("search page", page, list(queries("search")), base)
    timed("search page, misspelt", page, list(queries("typo")), base)


def measure_typos() -> None:
    """Words that find their product, then the same with a slip."""
    from search.finders import finder
    from shop.catalog.models import ProductPage

    def top(query: str) -> list[int]:
        return list(finder().find(query=query, others={}, synonyms={}).products)[:10]

    chance = random.Random(3)
    ids = list(ProductPage.objects.order_by("pk").values_list("pk", flat=True))
    tried = found = 0
    while tried < TYPOS:
        pk = chance.choice(ids)
        title = ProductPage.objects.values_list("title", flat=True).get(pk=pk)
        words = [word.lower() for word in title.split() if word.isascii() and word.isalpha() and len(word) > 3]
        if not words or pk not in top(word := chance.choice(words)):
            continue
        tried += 1
        found += pk in top(slip(word, chance))
    share = 100 * found / tried
    print(f"typos                  {found} of {tried} words with one slip find their product ({share:.1f} %)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--keep", action="store_true", help="Keep the test database, and use one that was kept.")
    options = parser.parse_args()
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    from shop.catalog.models import ProductPage

    setup_test_environment()
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=options.keep, serialize=False)
    try:
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {connection.vendor}")
        if ProductPage.objects.count() != options.products:
            if ProductPage.objects.exists():
                raise SystemExit("The kept database holds another number of products; run without --keep once.")
            fill(options.products)
        measure_pages()
        measure_typos()
    finally:
        if not options.keep:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
