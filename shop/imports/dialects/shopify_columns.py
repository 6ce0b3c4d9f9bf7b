"""The columns of Shopify's product CSV, under their current and their legacy headers."""

import re
from collections.abc import Collection, Sequence

from shop.imports.dialects.columns import Columns, attribute_code
from shop.imports.reading import normalise_header

# Our name -> headers, the current one first.
ALIASES: dict[str, tuple[str, ...]] = {
    "handle": ("URL handle", "Handle"),
    "title": ("Title",),
    "body": ("Description", "Body (HTML)", "Body HTML", "Body"),
    "brand": ("Vendor",),
    "category": ("Product category", "Standard product type", "Standardized product type"),
    "type": ("Type", "Product type", "Custom product type"),
    "published": ("Published on online store", "Published"),
    "status": ("Status",),
    "sku": ("SKU", "Variant SKU"),
    "barcode": ("Barcode", "Variant Barcode"),
    "price": ("Price", "Variant Price"),
    "compare_at": ("Compare-at price", "Compare at price", "Variant Compare At Price", "Variant Compare-at Price"),
    "tracker": ("Inventory tracker", "Variant Inventory Tracker"),
    "quantity": ("Inventory quantity", "Variant Inventory Qty", "Variant Inventory Quantity"),
    "policy": ("Continue selling when out of stock", "Variant Inventory Policy"),
    "grams": ("Weight value (grams)", "Variant Grams"),
    "weight": ("Weight value", "Weight", "Variant Weight"),
    "weight_unit": ("Weight unit", "Weight unit for display", "Variant Weight Unit"),
    "image": ("Product image URL", "Image Src", "Image source"),
    "image_alt": ("Image alt text",),
    "variant_image": ("Variant image URL", "Variant Image"),
    "tags": ("Tags",),
    "gift_card": ("Gift card",),
    "seo_title": ("SEO title",),
    "seo_description": ("SEO description",),
    **{f"option{n}_name": (f"Option{n} name",) for n in (1, 2, 3)},
    **{f"option{n}_value": (f"Option{n} value",) for n in (1, 2, 3)},
}

# "Color (product.metafields.custom.color)": what Shopify calls a product metafield.
_METAFIELD = re.compile(
    r"(?P<label>.+?)\s*\(product\.metafields\.(?P<namespace>[\w-]+)\.(?P<key>[\w-]+)\)", re.IGNORECASE
)
# Ratings and the like belong to other rooms than the catalogue's facts.
FOREIGN_NAMESPACES = frozenset({"reviews", "judgeme", "yotpo", "loox", "stamped", "okendo"})
# Ours, for what is a fact and nothing more, whatever attributes there are.
FACT_NAMESPACE = "facts"
# "Price / International", "Included / United States": what Shopify's markets add.
_MARKET = re.compile(r"(?:Included|Price|Compare[- ]At Price)\s*/\s*.+", re.IGNORECASE)


def shopify_columns(headers: Sequence[str], attributes: Collection[str] = ()) -> Columns:
    """Metafields whose key is the code of one of these attributes are that; the others are facts."""
    columns = Columns.of(headers, ALIASES)
    for header in headers:
        match = _METAFIELD.fullmatch(header)
        if match and match["namespace"].lower() not in FOREIGN_NAMESPACES:
            code = attribute_code(match["key"], attributes) or attribute_code(match["label"], attributes)
            if code and match["namespace"].lower() != FACT_NAMESPACE:
                columns.attributes[normalise_header(header)] = code
            else:
                columns.facts[normalise_header(header)] = match["label"]
    return columns


def market_columns(headers: Sequence[str]) -> list[str]:
    """Headers of prices for single markets, which this shop does not have."""
    return [header for header in headers if _MARKET.fullmatch(header)]
