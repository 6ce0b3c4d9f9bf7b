"""Choosing among the variants of a product."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.catalog.models import ProductPage, Variant
from shop.catalog.offers import Offer, registry


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


def product_offers(product: ProductPage) -> list[Offer]:
    """The active variants of a product with price and stock, in one query; none for a page that was never saved."""
    if product.pk is None:
        return []
    variants = Variant.objects.filter(product=product.pk, active=True).select_related("image")
    return [registry.offer(variant) for variant in registry.annotate(variants)]


def selected_offer(offers: Sequence[Offer], sku: str) -> Offer | None:
    """The offer of that SKU, else the first that can be bought, else the first; None without any."""
    for offer in offers:
        if offer.variant.sku == sku:
            return offer
    return next((offer for offer in offers if offer.buyable), offers[0] if offers else None)


def option_groups(offers: Sequence[Offer], selected: Offer | None) -> list[OptionGroup]:
    """Every option that the variants differ in or share, seen from the selected variant.

    A value leads to the variant that differs from the selected one in as little else as possible; among equals, to
    one that can be bought.
    """
    if selected is None:
        return []
    values: dict[str, list[str]] = {}
    for offer in offers:
        for name, value in offer.variant.options:
            known = values.setdefault(name, [])
            if value not in known:
                known.append(value)
    chosen = dict(selected.variant.options)
    return [
        OptionGroup(name, [_value(offers, chosen, name, value) for value in found]) for name, found in values.items()
    ]


def _value(offers: Sequence[Offer], chosen: dict[str, str], name: str, value: str) -> OptionValue:
    def rank(offer: Offer) -> tuple[int, bool]:
        options = dict(offer.variant.options)
        same = sum(options.get(other) == wanted for other, wanted in chosen.items() if other != name)
        return same, offer.buyable

    best = max((offer for offer in offers if dict(offer.variant.options).get(name) == value), key=rank)
    moved = [own for other, own in best.variant.options if other != name and chosen.get(other) != own]
    return OptionValue(value, best.variant.sku, chosen.get(name) == value, best.buyable, ", ".join(moved))
