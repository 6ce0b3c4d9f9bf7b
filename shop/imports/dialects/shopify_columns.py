"""The columns of Shopify's product CSV, under their current and their legacy headers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
    "variant_image": ("Variant image URL", "Variant Image"),
    "gift_card": ("Gift card",),
    "seo_title": ("SEO title",),
    "seo_description": ("SEO description",),
    **{f"option{n}_name": (f"Option{n} name",) for n in (1, 2, 3)},
    **{f"option{n}_value": (f"Option{n} value",) for n in (1, 2, 3)},
}

# "Color (product.metafields.custom.color)": what Shopify calls a product metafield.
_METAFIELD = re.compile(r"(?P<label>.+?)\s*\(product\.metafields\.(?P<namespace>[\w-]+)\.[\w-]+\)", re.IGNORECASE)
# Ratings and the like belong to other rooms than the catalogue's facts.
FOREIGN_NAMESPACES = frozenset({"reviews", "judgeme", "yotpo", "loox", "stamped", "okendo"})


@dataclass(slots=True)
class Columns:
    """Which of a file's headers mean what."""

    headers: dict[str, str]  # our name -> normalised header in this file
    facts: dict[str, str] = field(default_factory=dict)  # normalised header -> label of a fact

    @classmethod
    def of(cls, headers: Sequence[str]) -> "Columns":
        present = {normalise_header(header) for header in headers}
        names: dict[str, str] = {}
        for name, aliases in ALIASES.items():
            for alias in map(normalise_header, aliases):
                if alias in present:
                    names[name] = alias
                    break
        facts = {}
        for header in headers:
            match = _METAFIELD.fullmatch(header)
            if match and match["namespace"].lower() not in FOREIGN_NAMESPACES:
                facts[normalise_header(header)] = match["label"]
        return cls(names, facts)

    def __contains__(self, name: str) -> bool:
        return name in self.headers

    def cell(self, cells: Mapping[str, str], name: str) -> str:
        """The cell of a column, stripped; empty where the file has no such column or the row ends before it."""
        header = self.headers.get(name)
        return cells.get(header, "").strip() if header else ""

    def cells_of(self, cells: Mapping[str, str], names: Sequence[str]) -> Iterator[str]:
        for name in names:
            yield self.cell(cells, name)
