"""Choosing among the variants of a product."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.catalog.models import ProductPage, Variant
from shop.catalog.offers import Offer, registry

# An option with more values than this is chosen from a select.
LINKS_MOST = 24


@dataclass(frozen=True, slots=True)
class OptionValue:
    """A value of an option and the variant that choosing it leads to; ``available`` if that one can be bought.

    ``elsewhere`` names what else choosing it changes: the colour, for a size that this colour does not come in. Empty
    where all other choices stay.
    """

    value: str
    sku: str
    selected: bool
    available: bool
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """An option, say the colour, with its values in the order of the variants."""

    name: str
    values: list[OptionValue]

    @property
    def is_long(self) -> bool:
        """Whether a select serves better than links: easier to scan, and a tenth of the bytes."""
        return len(self.values) > LINKS_MOST


def product_offers(product: ProductPage) -> list[Offer]:
    """The active variants of a product with price and stock, in one query; none for a page that was never saved."""
    if product.pk is None:
        return []
    variants = Variant.objects.filter(product=product.pk, active=True).select_related("image")
    return [registry.offer(variant) for variant in registry.annotate(registry.next_price_changes(variants))]


def selected_offer(offers: Sequence[Offer], sku: str) -> Offer | None:
    """The offer of that SKU, else the first that can be bought, else the first; None without any."""
    for offer in offers:
        if offer.variant.sku == sku:
            return offer
    return next((offer for offer in offers if offer.buyable), offers[0] if offers else None)


def option_groups(offers: Sequence[Offer], selected: Offer | None) -> list[OptionGroup]:
    """Every option that the variants differ in or share, seen from the selected variant.

    A value leads to the variant that differs from the selected one in as little else as possible; among equals, to
    one that can be bought. One pass over the variants, of which there may be thousands.
    """
    if selected is None:
        return []
    chosen = dict(selected.variant.options)
    best: dict[str, dict[str, tuple[tuple[int, bool], Offer]]] = {}
    for offer in offers:
        pairs = offer.variant.options
        same = sum(chosen.get(name) == value for name, value in pairs)
        for name, value in pairs:
            rank = (same - (chosen.get(name) == value), offer.buyable)
            values = best.setdefault(name, {})
            if value not in values or rank > values[value][0]:
                values[value] = (rank, offer)
    return [
        OptionGroup(name, [_value(offer, chosen, name, value) for value, (_, offer) in values.items()])
        for name, values in best.items()
    ]


def _value(offer: Offer, chosen: dict[str, str], name: str, value: str) -> OptionValue:
    moved = [own for other, own in offer.variant.options if other != name and chosen.get(other) != own]
    return OptionValue(value, offer.variant.sku, chosen.get(name) == value, offer.buyable, ", ".join(moved))
