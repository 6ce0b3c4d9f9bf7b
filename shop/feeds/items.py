"""What a shopping service is told of each variant that the shop sells, whatever format it wants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from wagtail.models import Page, Site

from cms import pictures
from cms.restrictions import public
from cms.selectors import shop_chrome
from shop.catalog.addresses import page_addresses
from shop.catalog.attributes import AttributeValue, definitions, facts
from shop.catalog.models import CategoryPage, ProductImage, ProductPage, Variant
from shop.catalog.offers import Offer, Quote, registry
from shop.catalog.presentation import DATA_PICTURE
from shop.catalog.structured_data import absolute, gtin, variant_url
from shop.money import added_tax
from shop.tax.rates import rates_of_variants

# Products read at once. Memory stays flat however large the shop is; each batch is six queries.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Item:
    """One variant. ``group`` is the product's id where it has several; addresses are complete."""

    sku: str
    group: str
    title: str
    description: str
    url: str
    images: Sequence[str]
    brand: str
    gtin: str
    quote: Quote
    available: bool
    # Where none is here: the day on which more come, if that is known.
    expected_on: date | None
    options: Sequence[tuple[str, str]]
    facts: Sequence[AttributeValue]
    categories: Sequence[str]  # from the top
    weight: int | None  # grams


def items(site: Site) -> Iterator[Item]:
    """Every active variant with a price of every live public product of a site, in the order of the tree."""
    products = public(ProductPage.objects.live().descendant_of(site.root_page)).order_by("path")
    titles = dict(CategoryPage.objects.live().values_list("path", "title"))
    last = ""
    while batch := list(products.filter(path__gt=last).select_related("brand")[:BATCH]):
        last = batch[-1].path
        yield from _batch(batch, site, titles)


def _batch(products: Sequence[ProductPage], site: Site, titles: dict[str, str]) -> Iterator[Item]:
    ids = [product.pk for product in products]
    offers: dict[int, list[Offer]] = {}
    variants = Variant.objects.filter(product__in=ids, active=True).select_related("image")
    for variant in registry.annotate(variants):
        offers.setdefault(variant.product_id, []).append(registry.offer(variant))
    images: dict[int, list[Any]] = {}
    for picture in ProductImage.objects.filter(page__in=ids).select_related("image"):
        images.setdefault(picture.page_id, []).append(picture.image)
    known, address = definitions(), page_addresses()
    tax = _tax_on_top([offer.variant.pk for own in offers.values() for offer in own])
    # What is not made yet is named by its original: a feed must not set thousands of pictures going.
    with pictures.collecting():
        for product in products:
            url = absolute(site.root_url, address(product.url_path))
            own = offers.get(product.pk, [])
            for offer in own:
                if offer.quote is None:
                    continue
                shown = [offer.variant.image] if offer.variant.image else []
                shown += [image for image in images.get(product.pk, []) if image not in shown]
                yield Item(
                    sku=offer.variant.sku,
                    group=str(product.pk) if len(own) > 1 else "",
                    title=f"{product.title}, {offer.variant.options_label}" if offer.variant.options else product.title,
                    description=_description(product),
                    url=variant_url(url, offer.variant.sku) if len(own) > 1 else url,
                    images=[absolute(site.root_url, pictures.single_url(image, DATA_PICTURE)) for image in shown],
                    brand=product.brand.name if product.brand and product.brand.live else "",
                    gtin=gtin(offer.variant.barcode),
                    quote=_with_tax(offer.quote, tax.get(offer.variant.pk, 0)),
                    available=offer.buyable and not (offer.availability.later and not offer.availability.is_preorder),
                    expected_on=offer.availability.expected if offer.availability.later else None,
                    options=[(str(name), str(value)) for name, value in offer.variant.options],
                    facts=facts(product, known),
                    categories=_categories(product.path, titles),
                    weight=offer.variant.weight,
                )


def _tax_on_top(variant_ids: Sequence[int]) -> Mapping[int, int]:
    """The rates that are not inside the prices: shopping services want to hear what a consumer pays."""
    return {} if shop_chrome().prices_include_tax else rates_of_variants(variant_ids)


def _with_tax(quote: Quote, rate: int) -> Quote:
    if not rate:
        return quote
    before = None if quote.compare_at is None else quote.compare_at + added_tax(quote.compare_at, rate)
    return replace(quote, amount=quote.amount + added_tax(quote.amount, rate), compare_at=before)


def _categories(path: str, titles: dict[str, str]) -> list[str]:
    above = (path[:end] for end in range(Page.steplen, len(path), Page.steplen))
    return [titles[prefix] for prefix in above if prefix in titles]


def _description(product: ProductPage) -> str:
    """Its words without markup; where it has none, its title."""
    # A tag ends a word: "<p>One</p><p>two</p>" is not "Onetwo".
    words = " ".join(unescape(strip_tags(product.body.replace("<", " <"))).split())
    return " ".join(part for part in (product.summary, words) if part) or product.title
