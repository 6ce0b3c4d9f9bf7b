"""Which offers a cart gets, and what each takes off. Pure: no query, no clock.

1. Offers on products and offers on delivery are weighed apart; they never stand in each other's way.
2. Offers that may be combined all apply, one after the other: by priority, highest first, then the older one. Each
   works on what the earlier ones have left to pay.
3. An offer that goes with no other is tried alone. The buyer gets whichever saves most: one such offer, or all the
   combinable ones together. Of equal savings the combinable ones win, then the higher priority, then the older offer.
4. No line, and no delivery, costs less than 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from shop.promotions.kinds import Line
from shop.promotions.offers import Offer

# SKU -> minor units.
Amounts = dict[str, int]


class WrongSaving(RuntimeError):
    """A kind takes off more than there is, or a negative amount: its code is wrong."""


@dataclass(frozen=True, slots=True)
class Applied:
    """An offer with what it takes off: of lines by SKU, or of the delivery charge."""

    offer: Offer
    lines: tuple[tuple[str, int], ...] = ()
    delivery: int = 0

    @property
    def amount(self) -> int:
        """All of it."""
        return sum(amount for _, amount in self.lines) + self.delivery


@dataclass(frozen=True, slots=True)
class Choice:
    """What applies, and which other offers would have saved something, had they been alone."""

    applied: tuple[Applied, ...] = ()
    beaten: tuple[Offer, ...] = ()

    @property
    def amount(self) -> int:
        """All that is taken off."""
        return sum(each.amount for each in self.applied)

    @property
    def by_sku(self) -> Amounts:
        """What is taken off each SKU."""
        found: Amounts = {}
        for each in self.applied:
            for sku, amount in each.lines:
                found[sku] = found.get(sku, 0) + amount
        return found


def choose_for_goods(offers: Sequence[Offer], costs: Amounts) -> Choice:
    """The offers on products. ``costs`` is what each SKU costs altogether; offers come in the order of counting."""

    def chain(some: Sequence[Offer]) -> Choice:
        left, applied = dict(costs), []
        for offer in some:
            lines = [replace(line, amount=left[line.sku]) for line in offer.lines if left.get(line.sku, 0) > 0]
            saved = _checked(offer, lines)
            if saved:
                applied.append(Applied(offer, tuple(saved.items())))
                left |= {sku: left[sku] - amount for sku, amount in saved.items()}
        return Choice(tuple(applied))

    return _best(offers, chain)


def choose_for_delivery(offers: Sequence[Offer], charge: int) -> Choice:
    """The offers on delivery."""

    def chain(some: Sequence[Offer]) -> Choice:
        left, applied = charge, []
        for offer in some:
            saved = offer.kind.delivery_saving(left, offer.arguments) if left else 0
            if not 0 <= saved <= left:
                raise WrongSaving(f"{offer.kind.code} takes {saved} off a delivery for {left}.")
            if saved:
                applied.append(Applied(offer, delivery=saved))
                left -= saved
        return Choice(tuple(applied))

    return _best(offers, chain)


def _best(offers: Sequence[Offer], chain: Callable[[Sequence[Offer]], Choice]) -> Choice:
    """The best of all combinable offers together, and of each other one alone."""
    options = [chain([offer for offer in offers if not offer.promotion.exclusive])]
    options += [chain([offer]) for offer in offers if offer.promotion.exclusive]
    # Of equal ones max() takes the first.
    best = max(options, key=lambda option: option.amount)
    beaten = [each.offer for option in options if option is not best for each in option.applied]
    return Choice(best.applied, tuple(beaten))


def _checked(offer: Offer, lines: Sequence[Line]) -> Amounts:
    """What a kind takes off; it is not believed blindly. Raises WrongSaving."""
    saved = offer.kind.saving(lines, offer.arguments) if lines else {}
    most = {line.sku: line.amount for line in lines}
    for sku, amount in saved.items():
        if not 0 <= amount <= most.get(sku, 0):
            raise WrongSaving(f"{offer.kind.code} takes {amount} off {sku}, which costs {most.get(sku, 0)}.")
    return {sku: amount for sku, amount in saved.items() if amount}
