"""What each kind of page costs: queries, milliseconds of server time, and bytes over the wire.

    make demo                                   # once, for the demo shop's data
    python benchmarks/pages.py                  # queries and median time, in this process
    python benchmarks/pages.py --url http://localhost:8000 --phone
                                                # bytes by kind, as a browser on a cold cache loads them

The first table is warm and anonymous: each address is fetched twice before it is measured. Times depend on the
machine; the last column relates each page to a view that does nothing (``/health/``) in the same run.
"""

import argparse
import os
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request, ViewportSize
    from wagtail.models import Page

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.dev")
os.environ.setdefault("DEBUG", "false")

FETCHES = 40
PHONE: "ViewportSize" = {"width": 390, "height": 844}
DESKTOP: "ViewportSize" = {"width": 1280, "height": 900}


def addresses() -> dict[str, str]:
    """One address of each kind of page, from whatever the database holds."""
    from home.models import ContentPage, StoryIndexPage, StoryPage
    from shop.catalog.models import CategoryPage, ProductPage

    def first(model: "type[Page]") -> str:
        page = model.objects.live().order_by("depth", "path").first()
        return page.url if page else ""

    found = {
        "nothing (/health/)": "/health/",
        "home": "/",
        "category": first(CategoryPage),
        "product": first(ProductPage),
        "content page": first(ContentPage),
        "journal": first(StoryIndexPage),
        "story": first(StoryPage),
        "search": "/search/?q=oak",
        "suggestions": "/search/suggest/?q=mu",
        "cart, empty": "/cart/",
    }
    return {kind: url for kind, url in found.items() if url}


def measure_server() -> None:
    """Print queries and median server time per page kind."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    print(f"{connection.vendor}, {FETCHES} fetches each, warm, anonymous")
    print(f"{'page':20} {'queries':>7} {'median ms':>10} {'p95 ms':>8} {'HTML kB':>8} {'x health':>9}")
    base = None
    for kind, url in addresses().items():
        client = Client(headers={"host": "localhost"})
        for _ in range(2):
            response = client.get(url)
        assert response.status_code == 200, f"{url} answered {response.status_code}"
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        queries = len(seen)  # now: the next request empties the log
        times = []
        for _ in range(FETCHES):
            start = time.perf_counter()
            client.get(url)
            times.append((time.perf_counter() - start) * 1000)
        median = statistics.median(times)
        base = base or median
        p95 = statistics.quantiles(times, n=20)[-1]
        size = len(response.content) / 1000
        print(f"{kind:20} {queries:7} {median:10.2f} {p95:8.2f} {size:8.1f} {median / base:9.1f}")


def weigh(browser: "Browser", url: str, *, phone: bool) -> tuple[dict[str, int], int]:
    """Bytes by kind and number of requests of a first visit with an empty cache."""
    context = browser.new_context(viewport=PHONE if phone else DESKTOP, device_scale_factor=2 if phone else 1)
    page = context.new_page()
    requests: list[Request] = []

    def keep(request: "Request") -> None:
        requests.append(request)

    page.on("requestfinished", keep)
    page.goto(url, wait_until="networkidle")
    weight: dict[str, int] = defaultdict(int)
    for request in requests:
        sizes = request.sizes()
        weight[request.resource_type] += sizes["responseBodySize"] + sizes["responseHeadersSize"]
    context.close()
    return weight, len(requests)


def measure_wire(base: str, *, phone: bool) -> None:
    """Print bytes over the wire per page kind, split by what they are, for a first visit."""
    import django
    from playwright.sync_api import sync_playwright

    django.setup()
    pages = addresses()  # before Playwright's event loop forbids queries
    from tests.fixtures.services import chromium_path

    kinds = ("document", "stylesheet", "script", "image")
    print(f"{'page':20} " + " ".join(f"{kind:>11}" for kind in kinds) + f" {'all kB':>8} {'requests':>8}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        for name, path in pages.items():
            if path.startswith(("/health", "/search/suggest")):
                continue
            weight, requests = weigh(browser, base.rstrip("/") + path, phone=phone)
            row = " ".join(f"{weight[kind] / 1000:11.1f}" for kind in kinds)
            print(f"{name:20} {row} {sum(weight.values()) / 1000:8.1f} {requests:8}")
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="base address of a running server: measure bytes instead of time")
    parser.add_argument("--phone", action="store_true", help="a phone's screen (390 px, 2x) instead of a desktop's")
    options = parser.parse_args()
    if options.url:
        measure_wire(options.url, phone=options.phone)
    else:
        measure_server()


if __name__ == "__main__":
    main()
