"""What promotions are to one cart: offers, each with the lines it is for, or with why it does nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from shop.cart.contents import Cart, CartLine
from shop.promotions.kinds import Arguments, Kind, Line
from shop.promotions.models import Promotion
from shop.promotions.product_blocks import split_skus

CODE_PREFIX = "promotion:"


class Obstacle(Enum):
    """Why an offer does nothing for a cart."""

    NOT_YET = "not yet"
    OVER = "over"
    WITHOUT_ACCOUNT = "without account"
    WRONG_GROUP = "wrong group"
    NOT_FIRST = "not first"
    USED_BY_YOU = "used by you"
    USED_UP = "used up"
    NOT_THESE = "not these products"
    TOO_LITTLE = "spend more"
    TOO_FEW = "more units"
    NO_CHARGE_YET = "no charge yet"
    NOTHING_TO_SEND = "nothing to send"
    ALREADY_FREE = "already free"
    NO_EFFECT = "no effect"
    BEATEN = "beaten"
    TWICE = "twice"


# Only these may be told of an offer that nobody has entered a code for.
INVITING = frozenset({Obstacle.TOO_LITTLE, Obstacle.TOO_FEW})


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion with its kind and the lines it is for. ``missing`` is what an obstacle lacks: an amount, or units."""

    promotion: Promotion
    kind: Kind
    lines: tuple[Line, ...] = ()
    coupon: str = ""
    obstacle: Obstacle | None = None
    missing: int = 0

    @property
    def code(self) -> str:
        """What the cart's discount is called."""
        return f"{CODE_PREFIX}{self.promotion.pk}"

    @property
    def arguments(self) -> Arguments:
        """What the editor entered."""
        found: Arguments = self.promotion.arguments
        return found

    def stopped(self, obstacle: Obstacle, missing: int = 0) -> "Offer":
        """The same offer, doing nothing."""
        return replace(self, obstacle=obstacle, missing=missing)


def promotion_of(code: str) -> int | None:
    """The promotion that a discount comes from; None for one that comes from elsewhere."""
    number = code.removeprefix(CODE_PREFIX)
    return int(number) if number != code and number.isdecimal() else None


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """Where a product belongs: tree paths of it and of its further categories, its brand, and the collections, of
    those that the promotions name, that show it."""

    paths: tuple[str, ...]
    brand: int | None
    collections: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What has been read to judge offers, all at once; see ``selectors.py``."""

    now: datetime
    products: Mapping[str, ProductFacts]
    # Primary key of a category -> its path.
    categories: Mapping[int, str]
    groups: frozenset[int] = frozenset()
    ordered_before: bool = False


def judge(offer: Offer, cart: Cart, known: Known) -> Offer:
    """The offer with its lines, or with the first thing that keeps it from the cart. Limits are looked at later."""
    promotion = offer.promotion
    if obstacle := _dates(promotion, known.now) or _customer(promotion, cart, known):
        return offer.stopped(obstacle)
    lines = tuple(
        Line(line.sku, line.title, line.quantity, line.full_amount)
        for line in cart.lines
        if line.counts and line.full_amount > 0 and qualifies(promotion, line, known)
    )
    if not lines:
        return offer.stopped(Obstacle.NOT_THESE)
    offer = replace(offer, lines=lines)
    count = sum(line.quantity for line in lines)
    if promotion.minimum_quantity and count < promotion.minimum_quantity:
        return offer.stopped(Obstacle.TOO_FEW, promotion.minimum_quantity - count)
    # Before any discount, so that no offer depends on another.
    if promotion.minimum_spend and cart.subtotal < promotion.minimum_spend:
        return offer.stopped(Obstacle.TOO_LITTLE, promotion.minimum_spend - cart.subtotal)
    return offer


def qualifies(promotion: Promotion, line: CartLine, known: Known) -> bool:
    """Whether the promotion is for the product of a line."""
    if promotion.leave_out_reduced and line.compare_at is not None:
        return False
    facts = known.products.get(line.sku, ProductFacts((), None))
    wanted = [_names(block, line.sku, facts, known) for block in promotion.applies_to.raw_data]
    if wanted and not (all(wanted) if promotion.match == Promotion.Match.ALL else any(wanted)):
        return False
    return not any(_names(block, line.sku, facts, known) for block in promotion.not_for.raw_data)


def named(block: Mapping[str, Any]) -> list[int]:
    """The primary keys in a block of categories, collections or brands, whichever way Wagtail has stored the list."""
    items = block["value"] if isinstance(block["value"], list) else []
    keys = [item["value"] if isinstance(item, Mapping) else item for item in items]
    return [key for key in keys if isinstance(key, int)]


def _names(block: Mapping[str, Any], sku: str, facts: ProductFacts, known: Known) -> bool:
    """Whether a block names the product. What a block named and is gone names nothing."""
    kind = block["type"]
    if kind == "skus":
        return sku in split_skus(block["value"])
    if kind == "brands":
        return facts.brand in named(block)
    if kind == "collections":
        return not facts.collections.isdisjoint(named(block))
    roots = [known.categories[key] for key in named(block) if key in known.categories]
    return any(path.startswith(root) for root in roots for path in facts.paths)


def _dates(promotion: Promotion, now: datetime) -> Obstacle | None:
    if promotion.runs_at(now):
        return None
    return Obstacle.NOT_YET if promotion.starts_at and now < promotion.starts_at else Obstacle.OVER


def _customer(promotion: Promotion, cart: Cart, known: Known) -> Obstacle | None:
    if promotion.groups:
        if cart.buyer.user_id is None:
            return Obstacle.WITHOUT_ACCOUNT
        if known.groups.isdisjoint(promotion.groups):
            return Obstacle.WRONG_GROUP
    return Obstacle.NOT_FIRST if promotion.first_order and known.ordered_before else None
