"""Promotions in the cart: discounts on products before delivery is known, discounts on delivery after."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shop.cart.contents import DELIVERY, Cart, Discount, Hint
from shop.promotions import wording
from shop.promotions.kinds import Target
from shop.promotions.offers import Obstacle, Offer
from shop.promotions.selectors import find_offers
from shop.promotions.stacking import Choice, choose_for_delivery, choose_for_goods

WORKINGS = "promotions"
# More than this nobody reads.
HINTS_MOST = 3


def discount_goods(cart: Cart) -> Cart:
    """The cart with what promotions take off its products (registered as an adjuster)."""
    found = find_offers(cart)
    hints = [Hint(wording.unknown(code), "coupon", code) for code in found.unknown]
    if not found.offers:
        return cart.with_hints(*hints)
    goods = [offer for offer in found.offers if offer.kind.target is Target.GOODS]
    # Offers on delivery wait until there is a charge.
    waiting = tuple(offer for offer in found.offers if offer.kind.target is Target.DELIVERY)
    open_ones = [offer for offer in goods if offer.obstacle is None]
    choice = choose_for_goods(open_ones, {line.sku: line.amount for line in cart.lines if line.counts})
    cart = cart.with_line_discounts(choice.by_sku).with_discounts(*_discounts(choice))
    cart = cart.with_hints(*hints, *_hints(goods, open_ones, choice, cart))
    return cart.with_workings(WORKINGS, waiting) if waiting else cart


def discount_delivery(cart: Cart) -> Cart:
    """The cart with what promotions take off its delivery (registered as an adjuster)."""
    offers: Sequence[Offer] = cart.workings.get(WORKINGS, ())
    return _until_free(_discounted(cart, offers) if offers else cart, offers)


def _until_free(cart: Cart, offers: Sequence[Offer]) -> Cart:
    """The cart that tells how much more makes its way of delivery free, unless an offer on delivery is nearer."""
    charge = cart.adjustment(DELIVERY)
    missing = cart.delivery.until_free if cart.delivery else None
    if not (missing and charge and charge.amount):
        return cart
    nearer = [offer for offer in offers if offer.obstacle is Obstacle.TOO_LITTLE and offer.missing <= missing]
    return cart if nearer else cart.with_hints(Hint(wording.until_free(missing, cart.currency), DELIVERY))


def _discounted(cart: Cart, offers: Sequence[Offer]) -> Cart:
    delivery = cart.adjustment(DELIVERY)
    open_ones = [offer for offer in offers if offer.obstacle is None]
    choice = choose_for_delivery(open_ones, delivery.amount if delivery else 0)
    if delivery and choice.applied:
        less = replace(delivery, amount=delivery.amount - choice.amount, discount=delivery.discount + choice.amount)
        cart = cart.with_adjustments(less).with_discounts(*_discounts(choice))
    if delivery and not delivery.amount:
        # Free as it is: nobody needs to hear how it could become so.
        offers = [offer.stopped(Obstacle.ALREADY_FREE) for offer in offers if offer.coupon]
    elif not delivery:
        stop = Obstacle.NO_CHARGE_YET if cart.needs_delivery else Obstacle.NOTHING_TO_SEND
        offers = [offer.stopped(stop) for offer in offers if offer.coupon]
    return cart.with_hints(*_hints(offers, open_ones, choice, cart))


def _discounts(choice: Choice) -> list[Discount]:
    return [
        Discount(each.offer.code, each.offer.promotion.title, each.amount, each.offer.coupon, each.lines)
        for each in choice.applied
    ]


def _hints(offers: Iterable[Offer], open_ones: Sequence[Offer], choice: Choice, cart: Cart) -> list[Hint]:
    """Why codes do nothing, and what is missing for an offer that needs none."""
    applied = {each.offer for each in choice.applied}
    hints, inviting = [], []
    for offer in offers:
        stopped = offer
        if offer.obstacle is None and offer not in applied:
            stopped = offer.stopped(Obstacle.BEATEN if offer in choice.beaten else Obstacle.NO_EFFECT)
        more = offer.kind.missing(offer.lines, offer.arguments) if offer in open_ones else 0
        if offer.coupon:
            if stopped.obstacle is not None and not (more and stopped.obstacle is Obstacle.NO_EFFECT):
                hints.append(Hint(wording.why_not(stopped, cart, choice), offer.code, offer.coupon))
        elif stopped.obstacle in (Obstacle.TOO_LITTLE, Obstacle.TOO_FEW):
            inviting.append(Hint(wording.invitation(stopped), offer.code))
        if more and stopped.obstacle in (None, Obstacle.NO_EFFECT):
            inviting.append(Hint(wording.add_more(offer, more), offer.code, offer.coupon))
    return [*hints, *inviting[:HINTS_MOST]]
