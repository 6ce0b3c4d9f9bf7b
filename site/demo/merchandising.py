"""Attributes, bundles, downloads, collections, brand pages and reviews of the demo shop (``merchandising.toml``)."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils import timezone
from wagtail.models import Page

from demo.catalogue import add_page
from demo.content import ContentError
from demo.library import Library
from shop.catalog.bundles import set_components
from shop.catalog.digital import add_file, set_digital
from shop.catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    BrandIndexPage,
    BundleComponent,
    CategoryPage,
    CollectionPage,
    CrossSellProduct,
    DigitalFile,
    PinnedProduct,
    ProductPage,
    ProductType,
    RelatedProduct,
    TypeAttribute,
    Variant,
)
from shop.reviews.models import Review, Status

Raw = dict[str, Any]


class Merchandising:
    """Adds what is missing and leaves alone what is there. Everything is known by slug, code or SKU."""

    def __init__(self, content: Mapping[str, Any], files: Path) -> None:
        self.content = content
        self.files = files
        self.types: dict[str, ProductType] = {}

    def define(self) -> None:
        """Attributes and product types: the catalogue's pages name them."""
        known = {attribute.code: attribute for attribute in Attribute.objects.all()}
        for position, entry in enumerate(self.content.get("attributes", [])):
            if entry["code"] not in known:
                known[entry["code"]] = self.add_attribute(position, entry)
        for entry in self.content.get("types", []):
            found = ProductType.objects.filter(slug=entry["slug"]).first()
            self.types[entry["slug"]] = found or self.add_type(entry, known)

    def add_attribute(self, position: int, entry: Raw) -> Attribute:
        names = ("code", "name", "kind", "unit", "multiple", "filterable", "searchable", "in_facts")
        attribute = Attribute(position=position, **{name: entry[name] for name in names if name in entry})
        attribute.choices = [
            AttributeChoice(value=value, label=label, sort_order=place)
            for place, (value, label) in enumerate(entry.get("choices", []))
        ]
        attribute.save()
        return attribute

    def add_type(self, entry: Raw, known: Mapping[str, Attribute]) -> ProductType:
        kind = ProductType(name=entry["name"], slug=entry["slug"])
        kind.type_attributes = [
            TypeAttribute(attribute=known[code], position=place) for place, code in enumerate(entry["attributes"])
        ]
        kind.save()
        return kind

    def dress(self, page: Page) -> None:
        """What a new category or product of the catalogue has from here, before it is first stored."""
        if isinstance(page, CategoryPage):
            kinds = [entry["slug"] for entry in self.content.get("types", []) if page.slug in entry["categories"]]
            page.product_type = self.types[kinds[0]] if kinds else None
        if isinstance(page, ProductPage):
            page.attributes = dict(self.content.get("values", {}).get(page.slug, {}))
            page.tags.add(*(tag for tag, slugs in self.content.get("tags", {}).items() if page.slug in slugs))

    def load(self, home: Page, products: Mapping[str, ProductPage], library: Library) -> None:
        """Everything that needs the products to be there."""
        self.products = products
        for entry in self.content.get("bundles", []):
            self.add_bundle(entry)
        for entry in self.content.get("downloads", []):
            self.add_download(entry)
        for entry in self.content.get("related", []):
            self.relate(entry)
        if "brands" in self.content:
            self.add_brands_page(home, self.content["brands"])
        for entry in self.content.get("collections", []):
            self.add_collection(home, entry, library)
        self.add_reviews(self.content.get("reviews", []))

    def product(self, slug: str) -> ProductPage:
        """Raises ContentError where no product has the slug."""
        if slug not in self.products:
            raise ContentError(f"merchandising.toml names the product {slug!r}, which does not exist.")
        return self.products[slug]

    def add_bundle(self, entry: Raw) -> None:
        variant = Variant.objects.get(sku=entry["sku"])
        if not BundleComponent.objects.filter(bundle=variant).exists():
            set_components(variant=variant, quantities=entry["components"])

    def add_download(self, entry: Raw) -> None:
        if DigitalFile.objects.filter(sku=entry["sku"]).exists():
            return
        with (self.files / entry["file"]).open("rb") as file:
            add_file(sku=entry["sku"], file=File(file, name=entry["file"]), title=entry["title"])
        set_digital(variant=Variant.objects.get(sku=entry["sku"]), digital=True)

    def relate(self, entry: Raw) -> None:
        page = ProductPage.objects.get(pk=self.product(entry["product"]).pk)
        if page.related_products.exists() or page.cross_sell_products.exists():
            return
        beside = [self.product(slug) for slug in entry.get("beside", [])]
        offered = [self.product(slug) for slug in entry.get("in_cart", [])]
        page.related_products.set([RelatedProduct(product=each, sort_order=n) for n, each in enumerate(beside)])
        page.cross_sell_products.set([CrossSellProduct(product=each, sort_order=n) for n, each in enumerate(offered)])
        page.save_revision().publish()

    def add_brands_page(self, home: Page, entry: Raw) -> None:
        if not BrandIndexPage.objects.exists():
            names = ("slug", "title", "intro", "seo_title", "search_description")
            add_page(home, BrandIndexPage(**{name: entry[name] for name in names}))

    def add_collection(self, home: Page, entry: Raw, library: Library) -> None:
        if CollectionPage.objects.filter(slug=entry["slug"]).exists():
            return
        names = ("slug", "title", "intro", "seo_title", "search_description", "order", "match")
        page = CollectionPage(
            **{name: entry[name] for name in names if name in entry},
            image=library.get(entry.get("image", "")),
            conditions=[self.condition(condition) for condition in entry.get("conditions", [])],
        )
        page.pinned_products.set(
            [
                PinnedProduct(product=self.product(slug), sort_order=n)
                for n, slug in enumerate(entry.get("products", []))
            ]
        )
        add_page(home, page)

    def condition(self, entry: Raw) -> tuple[str, Any]:
        """One condition of a rule. Brands and attributes are named by slug and code."""
        kind, value = entry["type"], {name: value for name, value in entry.items() if name != "type"}
        if kind == "brand":
            value = {"brands": [Brand.objects.get(slug=slug) for slug in entry["brands"]]}
        if kind == "attribute":
            attribute = Attribute.objects.get(code=entry["attribute"])
            value = {"values": [], "lowest": "", "highest": "", **value, "attribute": attribute}
        return kind, value or None

    def add_reviews(self, entries: list[Raw]) -> None:
        """All in one go; the products' ratings are worked out with their listing rows afterwards."""
        if Review.objects.exists():
            return
        now = timezone.now()
        reviews = Review.objects.bulk_create(
            Review(
                product=self.product(entry["product"]),
                name=entry["name"],
                email=f"{entry['name'].split()[0].lower()}@example.com",
                **{name: entry[name] for name in ("stars", "title", "words", "verified", "answer") if name in entry},
                status=Status.APPROVED,
                moderated_at=now,
                answered_at=now if entry.get("answer") else None,
            )
            for entry in entries
        )
        for review, entry in zip(reviews, entries, strict=True):
            review.created_at = now - timedelta(days=entry["days_ago"])
        Review.objects.bulk_update(reviews, ["created_at"])
