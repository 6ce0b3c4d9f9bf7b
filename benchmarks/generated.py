"""A generated catalogue of any size below a real tree of categories. The same size gives the same catalogue everywhere.

Categories come from ``categories/categories.json`` of the shared data (4,584 names with their paths); products, brands,
attributes, prices and stock are drawn with a fixed seed. Everything goes in through the bulk functions of the rooms.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Mod
from django.utils.text import slugify
from wagtail.models import Page, Site

from shop.catalog import bulk, listing
from shop.catalog.models import (
    Attribute,
    AttributeChoice,
    CategoryPage,
    ListingRow,
    ProductPage,
    ProductType,
    TypeAttribute,
    Variant,
)
from shop.catalog.signals import products_changed
from shop.inventory.bulk import open_stock
from shop.pricing.bulk import open_prices
from shop.pricing.services import NewPrice

SLUG = "scale"
BRANDS, BATCH = 800, 500
COLOURS = ("black", "white", "silver", "blue", "red", "green", "sand", "orange", "pink", "grey")
MATERIALS = ("steel", "aluminium", "plastic", "glass", "oak", "ash", "cotton", "wool", "leather", "stoneware")
POWER = ("mains", "battery", "solar", "usb")
SIZES = ("small", "medium", "large", "extra-large")
ADJECTIVES = ("Compact", "Slim", "Everyday", "Classic", "Quiet", "Bright", "Solid", "Light", "Folding", "Smart")
SYLLABLES = ("bar", "cor", "del", "fen", "gal", "hol", "jun", "kel", "lor", "mor", "nor", "pel", "ros", "tam", "vel")


@dataclass(frozen=True)
class Drawn:
    """One product: the number of its category, and what it is."""

    category: int
    title: str
    brand: str
    attributes: dict[str, Any]
    prices: tuple[int, ...]
    stock: int


def tree(folder: Path, count: int) -> list[tuple[tuple[str, ...], str]]:
    """So many paths of ids with their names, parents before children."""
    found = json.loads((folder / "categories" / "categories.json").read_text())
    paths = {tuple(step["id"] for step in entry["path"]): entry["name"] or "Unnamed" for entry in found}
    whole = [path for path in sorted(paths, key=lambda path: (len(path), path)) if path[:-1] in paths or len(path) == 1]
    return [(path, paths[path]) for path in whole[:count]]


def draw(names: Sequence[str], brands: Sequence[str], first: int, end: int) -> Iterator[Drawn]:
    """The products from one number to another; each depends on its own number alone."""
    for number in range(first, end):
        chance = random.Random(number)
        category = chance.randrange(len(names))
        brand = brands[min(int(chance.expovariate(8 / len(brands))), len(brands) - 1)]
        values: dict[str, Any] = {
            "colour": chance.sample(COLOURS, chance.choice((1, 1, 2))),
            "weight": round(chance.lognormvariate(0, 1), 2),
        }
        values |= {"material": chance.choice(MATERIALS)} if chance.random() < 0.8 else {}
        values |= {"power": chance.choice(POWER)} if chance.random() < 0.4 else {}
        values |= {"size": chance.choice(SIZES)} if chance.random() < 0.5 else {}
        values |= {"warranty": chance.choice((12, 24, 36, 60))} if chance.random() < 0.6 else {}
        values |= {"recycled": chance.random() < 0.5} if chance.random() < 0.7 else {}
        price = max(99, int(chance.lognormvariate(8, 1)))
        prices = tuple(price + 500 * step for step in range(chance.choice((1, 1, 1, 2, 4))))
        word = f"{chance.choice(SYLLABLES).title()}{chance.choice(SYLLABLES)}"
        title = f"{chance.choice(ADJECTIVES)} {names[category]} {word} {number}"
        yield Drawn(category, title[:200], brand, values, prices, chance.choice((0, 3, 10, 50)))


class Catalogue:
    """Loads the catalogue below ``/scale/`` of the default site, from wherever an earlier load has stopped."""

    def __init__(self, folder: Path, categories: int) -> None:
        self.paths = tree(folder, categories)
        self.names = [name for _, name in self.paths]
        chance = random.Random(1)
        self.brands = [
            f"{''.join(chance.choice(SYLLABLES) for _ in range(2)).title()} {number}" for number in range(BRANDS)
        ]

    @transaction.atomic
    def prepare(self) -> None:
        """Types, attributes and categories, where they are missing."""
        root = Site.objects.get(is_default_site=True).root_page
        if CategoryPage.objects.child_of(root).filter(slug=SLUG).exists():
            return
        top = CategoryPage(title="Everything", slug=SLUG, product_type=self._product_type())
        pages: dict[tuple[str, ...], CategoryPage] = {}
        placements: list[tuple[bulk.Parent, Page]] = [(root.pk, top)]
        for number, (path, name) in enumerate(self.paths):
            page = CategoryPage(title=name[:255], slug=f"{slugify(name)[:80] or 'category'}-{number}")
            pages[path] = page
            placements.append((pages.get(path[:-1], top), page))
        bulk.add_pages(placements)

    def _product_type(self) -> ProductType:
        kinds = (
            ("colour", "Colour", "colour", COLOURS),
            ("material", "Material", "choice", MATERIALS),
            ("power", "Power", "choice", POWER),
            ("size", "Size", "choice", SIZES),
            ("weight", "Weight", "number", ()),
            ("warranty", "Warranty", "number", ()),
            ("recycled", "Recycled", "boolean", ()),
        )
        made = ProductType.objects.create(name="Everything", slug=SLUG)
        for place, (code, name, kind, values) in enumerate(kinds):
            attribute = Attribute.objects.create(
                code=code, name=name, kind=kind, multiple=code == "colour", filterable=True, searchable=True,
                unit={"weight": "kg", "warranty": "months"}.get(code, ""), position=place,
            )  # fmt: skip
            AttributeChoice.objects.bulk_create(
                AttributeChoice(attribute=attribute, value=value, label=value.title(), sort_order=number)
                for number, value in enumerate(values)
            )
            TypeAttribute.objects.create(product_type=made, attribute=attribute, position=place)
        return made

    def load(self, count: int) -> int:
        """Bring the catalogue to so many products; gives how many were added."""
        self.prepare()
        top = CategoryPage.objects.get(slug=SLUG)
        by_slug = dict(CategoryPage.objects.descendant_of(top).values_list("slug", "pk"))
        parents = [by_slug[f"{slugify(name)[:80] or 'category'}-{number}"] for number, name in enumerate(self.names)]
        present = ProductPage.objects.descendant_of(top).count()
        # The documents of the shop's search are written once at the end.
        with mock.patch.object(products_changed, "send_robust"):
            for start in range(present, count, BATCH):
                drawn = list(draw(self.names, self.brands, start, min(start + BATCH, count)))
                self._write(start, drawn, parents)
                print(f"\r{start + len(drawn)} of {count} products", end="", flush=True)
        return max(0, count - present)

    @transaction.atomic
    def _write(self, start: int, drawn: Sequence[Drawn], parents: Sequence[int]) -> None:
        brands, _ = bulk.ensure_brands(item.brand for item in drawn)
        pages = [
            ProductPage(
                title=item.title,
                slug=f"product-{start + place}",
                summary=f"{item.title}, made for every day.",
                brand=brands[item.brand.casefold()],
                attributes=item.attributes,
            )
            for place, item in enumerate(drawn)
        ]
        bulk.add_pages([(parents[item.category], page) for item, page in zip(drawn, pages, strict=True)])
        variants = [
            Variant(
                product=page,
                sku=f"SCALE-{start + place}-{number}",
                options=[["Version", str(number + 1)]] if len(item.prices) > 1 else [],
                position=number,
            )
            for place, (item, page) in enumerate(zip(drawn, pages, strict=True))
            for number in range(len(item.prices))
        ]
        Variant.objects.bulk_create(variants)
        amounts = [amount for item in drawn for amount in item.prices]
        open_prices(prices=[NewPrice(v.pk, amount, "GBP") for v, amount in zip(variants, amounts, strict=True)])
        levels = [item.stock for item in drawn for _ in item.prices]
        open_stock(levels={variant.sku: level for variant, level in zip(variants, levels, strict=True)})
        listing.add([page.pk for page in pages])

    def finish(self, *, search: bool) -> None:
        """What nobody has bought or written: popularity and ratings, spread by the products' ids."""
        rows = ListingRow.objects.filter(product__slug__startswith="product-")
        rows.update(popularity=Mod(F("product_id") * 7919, Value(1009)))
        rated = rows.annotate(third=Mod(F("product_id"), Value(3))).filter(third=0)
        rated.update(rating=Mod(F("product_id") * 31, Value(250)) + 250, reviews=Mod(F("product_id"), Value(40)) + 1)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        if search:
            call_command("rebuild_search", verbosity=0)
