"""Reading the cart: what the session's SKUs are, cost, and whether they can be had, at this moment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cms.selectors import shop_currency
from shop.cart import adjusters, holds
from shop.cart.buyer import ANONYMOUS, Buyer, read_buyer
from shop.cart.contents import Cart, CartLine, Problem, ProblemCode
from shop.cart.limits import MAX_LINES, MAX_QUANTITY_PER_LINE
from shop.cart.shared_stock import Needs, SharedStock
from shop.catalog import bundles, offers
from shop.catalog.bundles import Part
from shop.catalog.cards import Card
from shop.catalog.models import Variant
from shop.catalog.models.variant import SKU_MAX_LENGTH
from shop.catalog.offers import Offer
from shop.catalog.selectors import cards
from shop.catalog.thumbnails import CARD, ThumbnailData, thumbnail
from shop.inventory.selectors import availability

SESSION_KEY = "cart"


def cart_items(session: Mapping[str, Any]) -> dict[str, int]:
    """Units per SKU in the order in which they were put in. What cannot be a cart's item is left out."""
    stored = session.get(SESSION_KEY)
    if not isinstance(stored, dict):
        return {}
    return {
        sku: quantity
        for sku, quantity in list(stored.items())[:MAX_LINES]
        if isinstance(sku, str)
        and 0 < len(sku) <= SKU_MAX_LENGTH
        and isinstance(quantity, int)
        and 0 < quantity <= MAX_QUANTITY_PER_LINE
    }


def get_cart(session: Mapping[str, Any]) -> Cart:
    """The visitor's cart with pictures and addresses, ready to be shown."""
    return build_cart(
        items=cart_items(session),
        buyer=replace(read_buyer(session), unfinished=holds.registry.order(session)),
        held=holds.registry.held(session),
        decorated=True,
    )


def build_cart(
    *,
    items: Mapping[str, int],
    buyer: Buyer = ANONYMOUS,
    held: Mapping[str, int] | None = None,
    decorated: bool = False,
) -> Cart:
    """The cart that these quantities make for this buyer.

    ``held`` units of stock are counted as available: this visitor has them already. Without ``decorated`` lines have
    neither picture nor address, and nothing is written to any cache.
    """
    if not items:
        return Cart(lines=(), currency=shop_currency(), buyer=buyer)
    currency = shop_currency()
    related = ("product", "image") if decorated else ("product",)
    variants = list(Variant.objects.filter(sku__in=items).select_related(*related))
    by_sku = {offer.variant.sku: offer for offer in offers.registry.offers(variants)}
    shown = _cards(by_sku) if decorated else {}
    parts = _parts(by_sku)
    stock = _stock(by_sku, parts, held or {})
    lines = tuple(
        _line(
            sku=sku,
            quantity=quantity,
            offer=by_sku.get(sku),
            parts=parts.get(sku, ()),
            stock=stock,
            currency=currency,
            card=shown.get(by_sku[sku].variant.product_id) if sku in by_sku else None,
        )
        for sku, quantity in items.items()
    )
    return adjusters.registry.adjust(Cart(lines=lines, currency=currency, buyer=buyer))


def _parts(by_sku: Mapping[str, Offer]) -> dict[str, tuple[Part, ...]]:
    """What the bundles among them consist of; no query without a bundle."""
    ids = {offer.variant.pk: sku for sku, offer in by_sku.items() if offer.is_bundle}
    return {ids[pk]: parts for pk, parts in bundles.parts_of(ids).items()} if ids else {}


def _stock(by_sku: Mapping[str, Offer], parts: Mapping[str, tuple[Part, ...]], held: Mapping[str, int]) -> SharedStock:
    """What the lines take from. Only bundles need another look at the stock: the offers know the rest."""
    left = {sku: offer.availability.quantity for sku, offer in by_sku.items() if not offer.is_bundle}
    if inside := {part.sku for each in parts.values() for part in each} - set(left):
        left |= dict.fromkeys(inside, 0)
        left |= {sku: found.quantity for sku, found in availability(inside).items()}
        left |= {part.sku: None for each in parts.values() for part in each if part.digital}
    return SharedStock({sku: None if units is None else units + held.get(sku, 0) for sku, units in left.items()})


def _needs(sku: str, parts: tuple[Part, ...]) -> Needs:
    return {part.sku: part.quantity for part in parts} or {sku: 1}


def _cards(by_sku: Mapping[str, Offer]) -> dict[int, Card]:
    return {card.pk: card for card in cards({offer.variant.product_id for offer in by_sku.values()})}


def _line(
    *,
    sku: str,
    quantity: int,
    offer: Offer | None,
    parts: tuple[Part, ...],
    stock: SharedStock,
    currency: str,
    card: Card | None,
) -> CartLine:
    sold = offer is not None and offer.variant.active and offer.variant.product.live
    quote = offer.quote if offer and sold and offer.quote and offer.quote.currency == currency else None
    needs = _needs(sku, parts)
    available = _limited(stock.fits(needs)) if quote else 0
    shared = bool(quote) and available < _limited(stock.alone(needs))
    stock.take(needs, min(quantity, available))
    return CartLine(
        sku=sku,
        title=offer.variant.product.title if offer else sku,
        options_label=offer.variant.options_label if offer else "",
        url=card.url if card and sold else "",
        thumbnail=_picture(offer, card) if offer and card else None,
        unit_price=quote.amount if quote else None,
        compare_at=quote.compare_at if quote else None,
        quantity=quantity,
        max_quantity=available,
        problem=_problem(sold=sold, priced=quote is not None, available=available, quantity=quantity, shared=shared),
        parts=parts,
        weight=offer.variant.weight if offer else None,
        digital=all(part.digital for part in parts) if parts else offer is not None and offer.variant.digital,
        note=offer.availability.wait_text(quantity) if offer and available else "",
        here=offer.availability.here if offer and available else None,
        expected=offer.availability.expected if offer and available else None,
    )


def _picture(offer: Offer, card: Card) -> ThumbnailData | None:
    """The variant's own picture; the product's where it has none, or none that is made yet."""
    image = offer.variant.image
    return (thumbnail(image, CARD) if image else None) or card.thumbnail


def _limited(units: int | None) -> int:
    """How many of it fit into the cart."""
    return MAX_QUANTITY_PER_LINE if units is None else min(MAX_QUANTITY_PER_LINE, units)


def _problem(*, sold: bool, priced: bool, available: int, quantity: int, shared: bool) -> Problem | None:
    if not sold:
        return Problem(ProblemCode.NOT_SOLD, "We no longer sell this.")
    if not priced:
        return Problem(ProblemCode.NO_PRICE, "This has no price at the moment, so it cannot be bought.")
    if shared and quantity > available:
        left = "is none" if available == 0 else "is only one" if available == 1 else f"are only {available}"
        message = f"There {left} left beside what else is in your cart."
        return Problem(ProblemCode.FEWER_LEFT, message, fix_quantity=available)
    if available == 0:
        return Problem(ProblemCode.SOLD_OUT, "This has sold out.")
    if quantity > available:
        left = "Only one is left." if available == 1 else f"Only {available} are left."
        return Problem(ProblemCode.FEWER_LEFT, left, fix_quantity=available)
    return None
