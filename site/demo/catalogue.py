"""Brands, categories and products of the demo shop, with what they cost and how many there are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from cms.selectors import shop_currency
from demo.content import ContentError
from demo.library import Library
from demo.progress import Progress
from shop.catalog.models import Brand, CategoryPage, ProductImage, ProductPage, Variant
from shop.inventory.services import set_stock
from shop.money import to_minor
from shop.pricing.services import NewPrice, set_prices

REASON = "Demo shop"
# For how long the present prices have held.
SALE_DAYS = 6


def add_page(parent: Page, page: Page, *, days_ago: int = 0) -> None:
    """Publish a new page below another, with a first revision to compare later ones with, as of some days ago."""
    page.live = False
    page.first_published_at = timezone.now() - timedelta(days=days_ago)
    # Fresh from the database: treebeard counts children on the instance it is given.
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()


class CatalogueLoader:
    """Adds what is missing and leaves alone what is there, so that nobody's edits are lost.

    Brands, categories and products are known by slug, variants by SKU.
    """

    def __init__(
        self, content: dict[str, Any], library: Library, progress: Progress, dress: Callable[[Page], None] | None = None
    ) -> None:
        """``dress`` adds to each new category and product before it is stored."""
        self.content = content
        self.library = library
        self.progress = progress
        self.dress = dress or (lambda page: None)
        self.categories: dict[str, CategoryPage] = {}
        self.products: dict[str, ProductPage] = {}
        self.prices: list[NewPrice] = []
        self.stock: dict[str, int | None] = {}

    def load(self, home: Page) -> None:
        """Everything below the home page, then prices and stock in one go."""
        self.categories = {page.slug: page for page in CategoryPage.objects.descendant_of(home)}
        self.products = {page.slug: page for page in ProductPage.objects.descendant_of(home)}
        for entry in self.content.get("brands", []):
            self.add_brand(entry)
        for entry in self.progress.over("Categories", self.content.get("categories", [])):
            self.add_category(home, entry)
        self.currency = shop_currency()
        for entry in self.progress.over("Products", self.content.get("products", [])):
            self.add_product(entry)
        # A struck-through price needs a time in which it was asked for.
        former = [NewPrice(p.variant_id, p.compare_at, p.currency) for p in self.prices if p.compare_at is not None]
        before = timezone.now() - timedelta(days=SALE_DAYS + 30)
        set_prices(prices=former, valid_from=before, reason=REASON, refresh=False)
        begin = timezone.now() - timedelta(days=SALE_DAYS)
        set_prices(prices=self.prices, valid_from=begin, reason=REASON, refresh=False)
        set_stock(levels=self.stock, reason=REASON, refresh=False)

    def add_brand(self, entry: dict[str, Any]) -> None:
        if Brand.objects.filter(slug=entry["slug"]).exists():
            return
        brand = Brand.objects.create(slug=entry["slug"], name=entry["name"], description=entry["description"].strip())
        brand.save_revision().publish()

    def add_category(self, home: Page, entry: dict[str, Any]) -> None:
        if entry["slug"] in self.categories:
            return
        parent = self.category(entry["parent"], entry) if entry["parent"] else home
        page = CategoryPage(
            title=entry["title"],
            slug=entry["slug"],
            intro=entry["intro"],
            image=self.library.get(entry["image"]),
            seo_title=entry["seo_title"],
            search_description=entry["search_description"],
        )
        self.dress(page)
        add_page(parent, page)
        self.categories[page.slug] = page

    def category(self, slug: str, entry: dict[str, Any]) -> CategoryPage:
        """Raises ContentError where no category has the slug."""
        if slug not in self.categories:
            raise ContentError(f"{entry['slug']!r} names the category {slug!r}, which does not exist (yet).")
        return self.categories[slug]

    def add_product(self, entry: dict[str, Any]) -> None:
        page = self.products.get(entry["slug"])
        if page is None:
            page = self.new_product(entry)
            self.dress(page)
            add_page(self.category(entry["category"], entry), page, days_ago=entry["days_ago"])
            self.products[page.slug] = page
        known = set(Variant.objects.filter(sku__in=[v["sku"] for v in entry["variants"]]).values_list("sku", flat=True))
        for position, variant in enumerate(entry["variants"]):
            if variant["sku"] not in known:
                self.add_variant(page, position, variant)

    def new_product(self, entry: dict[str, Any]) -> ProductPage:
        page = ProductPage(
            title=entry["title"],
            slug=entry["slug"],
            summary=entry["summary"],
            body=entry["body"].strip(),
            details=[("detail", {"label": label, "value": value}) for label, value in entry["details"]],
            brand=Brand.objects.get(slug=entry["brand"]),
            seo_title=entry["seo_title"],
            search_description=entry["search_description"],
        )
        page.further_categories = [self.category(slug, entry) for slug in entry.get("also_in", [])]
        page.images.set(
            ProductImage(image=self.library[image["name"]], alt=image["alt"], sort_order=number)
            for number, image in enumerate(entry["images"])
        )
        return page

    def add_variant(self, page: ProductPage, position: int, entry: dict[str, Any]) -> None:
        variant = Variant.objects.create(
            product=page,
            sku=entry["sku"],
            barcode=entry["barcode"],
            options=entry["options"],
            weight=entry["weight"],
            image=self.library.get(entry["image"]),
            position=position,
        )
        amount = to_minor(entry["price"], self.currency)
        compare_at = to_minor(entry["compare_at"], self.currency) if entry["compare_at"] else None
        self.prices.append(NewPrice(variant.pk, amount, self.currency, compare_at))
        if "stock" in entry:  # sets and downloads have none of their own
            self.stock[variant.sku] = entry["stock"]
