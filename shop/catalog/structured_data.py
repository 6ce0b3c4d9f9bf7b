"""What search engines read about products and categories (schema.org, as JSON-LD)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from cms.selectors import shop_chrome
from shop.catalog.attributes import AttributeValue
from shop.catalog.cards import Card
from shop.catalog.models import ProductPage
from shop.catalog.offers import Offer, Quote
from shop.money import to_decimal

GTIN_LENGTHS = (8, 12, 13, 14)
SCHEMA = "https://schema.org/"
# Attributes that are properties of a Product by themselves.
KNOWN_PROPERTIES = ("color", "material", "pattern", "size")
# Options whose values are properties of a Product by themselves, by every name that shops give them.
OPTION_PROPERTIES = {"colour": "color", "color": "color", "size": "size", "material": "material", "pattern": "pattern"}
# Variants named beside the range of prices: a product may have two thousand, half a megabyte of them.
VARIANTS_MOST = 50


def gtin(barcode: str) -> str:
    """The barcode if it is a valid GTIN (EAN, UPC, ISBN-13; GS1's check digit), else empty."""
    digits = "".join(barcode.split()).replace("-", "")
    if len(digits) not in GTIN_LENGTHS or not (digits.isascii() and digits.isdigit()) or not int(digits):
        return ""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return "" if weighted % 10 else digits


def product_data(
    product: ProductPage, offers: Sequence[Offer], *, url: str, images: Sequence[str], brand: str
) -> dict[str, Any]:
    """A Product with its Offer, or a ProductGroup with its variants where several have a price."""
    data: dict[str, Any] = {"@type": "Product", "name": product.title, "url": url}
    if description := product.search_description or product.summary:
        data["description"] = description
    if images:
        data["image"] = list(images)
    if brand:
        data["brand"] = {"@type": "Brand", "name": brand}
    if len(offers) == 1:
        data |= _identifiers(offers[0])
    priced = [(offer, offer.quote) for offer in offers if offer.quote]
    if len(priced) == 1:
        data["offers"] = _offer(*priced[0], url=url)
    elif priced:
        data |= _group(product, priced, url=url)
    return data


def properties(facts: Sequence[AttributeValue]) -> dict[str, Any]:
    """What a Product says of its attributes: ``additionalProperty``, and those that schema.org knows by name."""
    if not facts:
        return {}
    listed = []
    for fact in facts:
        measured = isinstance(fact.value, int | float) and not isinstance(fact.value, bool)
        entry = {"@type": "PropertyValue", "propertyID": fact.code, "name": fact.name}
        entry |= {"value": fact.value if measured else fact.text}
        listed.append(entry | ({"unitText": fact.unit} if measured and fact.unit else {}))
    known = {fact.code: fact.text for fact in facts if fact.code in KNOWN_PROPERTIES}
    return {"additionalProperty": listed, **known}


def item_list(cards: Sequence[Card], root_url: str, first: int = 1) -> dict[str, Any]:
    """The products of one page of a listing; ``first`` is the position of the first of them."""
    return {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": card.title, "url": absolute(root_url, card.url)}
            for position, card in enumerate(cards, first)
        ],
    }


def absolute(root_url: str, url: str) -> str:
    """An address with scheme and host; one that has them already is kept."""
    return root_url + url if url.startswith("/") else url


def _identifiers(offer: Offer) -> dict[str, str]:
    valid = gtin(offer.variant.barcode)
    return {"sku": offer.variant.sku, **({"gtin": valid} if valid else {})}


def _availability(*offers: Offer) -> str:
    """The best that any of these offers."""
    found = [offer.availability for offer in offers if offer.buyable]
    if not found:
        return SCHEMA + "OutOfStock"
    if not all(each.later for each in found):
        return SCHEMA + "InStock"
    return SCHEMA + ("PreOrder" if any(each.is_preorder for each in found) else "BackOrder")


def _offer(offer: Offer, quote: Quote, *, url: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "Offer",
        "url": url,
        **_identifiers(offer),
        "price": str(to_decimal(quote.amount, quote.currency)),
        "priceCurrency": quote.currency,
        "availability": _availability(offer),
    }
    if offer.price_until:
        data["priceValidUntil"] = timezone.localtime(offer.price_until).isoformat()
    if quote.compare_at is not None:
        data["priceSpecification"] = _price(quote.compare_at, quote, priceType=SCHEMA + "StrikethroughPrice")
    if not shop_chrome().prices_include_tax:
        said = [data["priceSpecification"]] if "priceSpecification" in data else []
        net = [{**each, "valueAddedTaxIncluded": False} for each in (_price(quote.amount, quote), *said)]
        data["priceSpecification"] = net if said else net[0]
    return data


def _price(amount: int, quote: Quote, **facts: Any) -> dict[str, Any]:
    return {
        "@type": "UnitPriceSpecification",
        **facts,
        "price": str(to_decimal(amount, quote.currency)),
        "priceCurrency": quote.currency,
    }


def _group(product: ProductPage, priced: Sequence[tuple[Offer, Quote]], *, url: str) -> dict[str, Any]:
    """What makes a Product a ProductGroup: the options it varies by, the range of its prices, and its variants."""
    names = dict.fromkeys(name for offer, _ in priced for name, _ in offer.variant.options)
    known = [OPTION_PROPERTIES.get(name.casefold()) for name in names]
    return {
        "@type": "ProductGroup",
        "productGroupID": str(product.pk),
        "variesBy": [SCHEMA + prop if prop else name for name, prop in zip(names, known, strict=True)],
        "offers": _range(priced, url=url),
        "hasVariant": [_variant(product, offer, quote, url=url) for offer, quote in priced[:VARIANTS_MOST]],
    }


def _variant(product: ProductPage, offer: Offer, quote: Quote, *, url: str) -> dict[str, Any]:
    variant = offer.variant
    options = {OPTION_PROPERTIES.get(name.casefold(), ""): value for name, value in variant.options}
    options.pop("", None)
    return {
        "@type": "Product",
        "name": f"{product.title}, {variant.options_label}" if variant.options else product.title,
        **_identifiers(offer),
        **options,
        "offers": _offer(offer, quote, url=variant_url(url, variant.sku)),
    }


def variant_url(url: str, sku: str) -> str:
    """The address at which a product's page shows this variant."""
    return f"{url}?{urlencode({'sku': sku})}"


def _range(priced: Sequence[tuple[Offer, Quote]], *, url: str) -> dict[str, Any]:
    currency = priced[0][1].currency
    same = [(offer, quote) for offer, quote in priced if quote.currency == currency]
    amounts = [quote.amount for _, quote in same]
    return {
        "@type": "AggregateOffer",
        "url": url,
        "lowPrice": str(to_decimal(min(amounts), currency)),
        "highPrice": str(to_decimal(max(amounts), currency)),
        "priceCurrency": currency,
        "offerCount": len(same),
        "availability": _availability(*(offer for offer, _ in same)),
    }
