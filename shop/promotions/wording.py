"""Promotions in words: for editors what one does, for buyers what is missing and why a code does nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.formats import date_format

from shop.cart.contents import Cart
from shop.catalog.models import Brand, CategoryPage, CollectionPage
from shop.promotions.kinds import Target, UnknownKind
from shop.promotions.kinds.base import money_text, units
from shop.promotions.offers import Obstacle, Offer, named
from shop.promotions.product_blocks import split_skus

if TYPE_CHECKING:
    from shop.promotions.models import Promotion
    from shop.promotions.stacking import Choice

UNKNOWN = "We do not know the code {}, or it can no longer be used. Check it letter by letter."
NAMED_MOST = 5


def unknown(code: str) -> str:
    """The same words whether there never was such a code or others have used it up: they are nobody else's business."""
    return UNKNOWN.format(code)


def moment(value: datetime) -> str:
    """A moment in the shop's time zone: ``1 December 2026, 09:00``; with seconds where there are any."""
    local = timezone.localtime(value)
    return date_format(local, "j F Y, H:i:s" if local.second else "j F Y, H:i")


def invitation(offer: Offer) -> str:
    """What is missing for an offer that needs no code: ``£8.50 more for free delivery``."""
    promotion = offer.promotion
    benefit = offer.kind.benefit(offer.arguments, promotion.currency)
    if offer.obstacle is Obstacle.TOO_LITTLE:
        return f"{money_text(offer.missing, promotion.currency)} more for {_with_title(promotion, benefit)}."
    return f"Add {units(offer.missing)} more for {_with_title(promotion, benefit)}."


def until_free(missing: int, currency: str) -> str:
    """How much more the buyer has to spend until the shop delivers free."""
    return f"{money_text(missing, currency)} more for free delivery."


def add_more(offer: Offer, count: int) -> str:
    """How many units bring the benefit: ``Add one more Mug: buy 2, get 1 free.``"""
    titles = {line.title for line in offer.lines}
    what = f" {titles.pop()}" if len(titles) == 1 else ""
    benefit = offer.kind.benefit(offer.arguments, offer.promotion.currency)
    return f"Add {units(count)} more{what}: {_with_title(offer.promotion, benefit)}."


def why_not(offer: Offer, cart: Cart, choice: "Choice") -> str:
    """Why the code of an offer does nothing, and what would help."""
    code, promotion, currency = offer.coupon, offer.promotion, offer.promotion.currency
    if offer.obstacle is Obstacle.USED_UP:
        return unknown(code)
    if offer.obstacle is Obstacle.TOO_LITTLE:
        return f"{money_text(offer.missing, currency)} more, and {code} counts."
    if offer.obstacle is Obstacle.TOO_FEW:
        return f"Add {units(offer.missing)} more of the products that {code} is for."
    if offer.obstacle is Obstacle.BEATEN:
        better = " and ".join(f"“{each.offer.promotion.title}”" for each in choice.applied)
        return f"{code} cannot be combined with {better}, which saves you as much or more."
    return _WHY[offer.obstacle].format(
        code=code,
        start=moment(promotion.starts_at) if promotion.starts_at else "",
        end=moment(promotion.ends_at) if promotion.ends_at else "",
    )


_WHY: Mapping[Obstacle | None, str] = {
    Obstacle.NOT_YET: "{code} counts from {start} on.",
    Obstacle.OVER: "{code} ended on {end}.",
    Obstacle.WITHOUT_ACCOUNT: "{code} is for customers with an account. Log in to use it.",
    Obstacle.WRONG_GROUP: "{code} is not for your account.",
    Obstacle.NOT_FIRST: "{code} is for a first order, and you have ordered here before.",
    Obstacle.USED_BY_YOU: "You have used {code} already.",
    Obstacle.NOT_THESE: "{code} is not for the products in your cart.",
    Obstacle.NOTHING_TO_SEND: "{code} is for the delivery, and nothing in your cart has to be sent.",
    Obstacle.NO_CHARGE_YET: "{code} counts as soon as we know what the delivery costs.",
    Obstacle.ALREADY_FREE: "{code} is for the delivery, which is free already.",
    Obstacle.NO_EFFECT: "{code} makes nothing in your cart cheaper.",
    Obstacle.TWICE: "{code} belongs to an offer that another of your codes has brought already.",
}


def _with_title(promotion: "Promotion", benefit: str) -> str:
    """The benefit; with the promotion's name where that is not the same words."""
    if promotion.title.casefold() == benefit.casefold():
        return benefit
    return f"{benefit} ({promotion.title})"


def explain(promotion: "Promotion") -> list[str]:
    """What a promotion does, in whole sentences."""
    sentences = [headline(promotion)]
    if promotion.with_code:
        sentences.append("Only with a coupon code.")
    sentences += _limits(promotion)
    if promotion.exclusive:
        kind = "delivery" if _target(promotion) is Target.DELIVERY else "products"
        sentences.append(f"Not together with other offers on {kind}: the buyer gets what saves most.")
    else:
        sentences.append("Together with other offers that may be combined.")
    return sentences


def headline(promotion: "Promotion") -> str:
    """``20 % off everything in Kitchen, from 1 December 2026, 00:00, until ..., for orders of £30 or more.``"""
    parts = [f"{_benefit(promotion)}{_scope(promotion)}"]
    if promotion.starts_at:
        parts.append(f"from {moment(promotion.starts_at)}")
    if promotion.ends_at:
        parts.append(f"until {moment(promotion.ends_at)}")
    if promotion.minimum_spend:
        parts.append(f"for orders of {money_text(promotion.minimum_spend, promotion.currency)} or more")
    if promotion.minimum_quantity:
        parts.append(f"from {promotion.minimum_quantity} such units on")
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _benefit(promotion: "Promotion") -> str:
    try:
        return promotion.kind_object.benefit(promotion.arguments, promotion.currency)
    except (UnknownKind, KeyError):
        # Being typed still, or of a kind that is no longer installed.
        return "Nothing yet"


def _target(promotion: "Promotion") -> Target | None:
    try:
        return promotion.kind_object.target
    except UnknownKind:
        return None


def _scope(promotion: "Promotion") -> str:
    joint = " and " if promotion.match == promotion.Match.ALL else " or "
    wanted = joint.join(_blocks(promotion.applies_to.raw_data))
    but = " or ".join(_blocks(promotion.not_for.raw_data))
    if promotion.leave_out_reduced:
        but = f"{but} or what is reduced already" if but else "what is reduced already"
    if _target(promotion) is Target.DELIVERY:
        found = f" with something {wanted}" if wanted else ""
        return f"{found}, not counting {but}" if but else found
    found = f" everything {wanted}" if wanted else " everything"
    joint = "" if _benefit(promotion).endswith(" off") else " on"
    return f"{joint}{found}{f', but not {but}' if but else ''}"


def _blocks(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    found = []
    for block in blocks:
        if block["type"] == "skus":
            found.append(f"with the SKU {_listed(split_skus(block['value']))}")
        elif block["type"] == "brands":
            found.append(f"by {_listed(Brand.objects.filter(pk__in=named(block)).values_list('name', flat=True))}")
        elif block["type"] == "collections":
            pages = CollectionPage.objects.filter(pk__in=named(block)).values_list("title", "live")
            names = [title if live else f"{title} (not published: nothing)" for title, live in pages]
            found.append(f"in the collection {_listed(names)}")
        else:
            titles = CategoryPage.objects.filter(pk__in=named(block)).values_list("title", flat=True)
            found.append(f"in {_listed(titles)}")
    return found


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    if len(found) > NAMED_MOST:
        return f"{', '.join(found[:NAMED_MOST])} and {len(found) - NAMED_MOST} more"
    return " or ".join(found) or "(nothing that exists)"


def _limits(promotion: "Promotion") -> list[str]:
    found = []
    if promotion.groups:
        groups = Group.objects.filter(pk__in=promotion.groups).values_list("name", flat=True)
        found.append(f"For customers whose account is in {_listed(groups)}.")
    if promotion.first_order:
        found.append("For a customer's first order.")
    if promotion.limit_total is not None:
        found.append(f"At most {_times(promotion.limit_total)} altogether.")
    if promotion.limit_per_customer is not None:
        found.append(f"At most {_times(promotion.limit_per_customer)} per customer.")
    return found


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def out_of_time(promotion: "Promotion", code: str, now: datetime) -> str:
    """Why a code is not taken at all."""
    if promotion.starts_at and now < promotion.starts_at:
        return _WHY[Obstacle.NOT_YET].format(code=code, start=moment(promotion.starts_at))
    return _WHY[Obstacle.OVER].format(code=code, end=moment(promotion.ends_at) if promotion.ends_at else "")
