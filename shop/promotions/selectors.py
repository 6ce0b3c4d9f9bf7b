"""Reads what is needed to price a cart; how many promotions, lines or codes there are does not change the queries.

A shop without promotions costs a cart one query. What a collection shows is remembered by the catalogue.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils import timezone

from shop.cart.contents import Cart
from shop.catalog.collections import product_ids
from shop.catalog.models import CategoryPage, CollectionPage, ProductPage, Variant
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.promotions.kinds import registry
from shop.promotions.models import Coupon, Promotion, Redemption
from shop.promotions.offers import INVITING, Known, Obstacle, Offer, ProductFacts, judge, named
from shop.promotions.usage import Customer, UsageKey, limits_of, used

# Orders that do not stand are none.
_GIVEN_UP = (Status.CANCELLED, Status.PAYMENT_FAILED)


@dataclass(frozen=True, slots=True)
class Found:
    """The offers for a cart, in the order in which they are counted, and the codes that nobody knows."""

    offers: tuple[Offer, ...]
    unknown: tuple[str, ...]


def running(now: datetime) -> "QuerySet[Promotion]":
    """Promotions that apply by themselves at a moment."""
    return Promotion.objects.filter(
        Q(starts_at=None) | Q(starts_at__lte=now), Q(ends_at=None) | Q(ends_at__gt=now), live=True, with_code=False
    )


def usable_coupons(codes: Iterable[str]) -> "QuerySet[Coupon]":
    """Coupons whose codes exist as far as a buyer is concerned, whatever their dates."""
    return Coupon.objects.filter(
        code__in=list(codes), active=True, promotion__live=True, promotion__with_code=True
    ).select_related("promotion")


def find_offers(cart: Cart) -> Found:
    """What there is for a cart, judged. Offers that neither apply nor are worth a word are left out."""
    now = timezone.now()
    codes = cart.buyer.codes
    coupons = {coupon.code: coupon for coupon in usable_coupons(codes)} if codes else {}
    entered = {code: coupons[code] for code in codes if code in coupons and _fits(coupons[code].promotion, cart)}
    offers = [Offer(promotion, registry.get(promotion.kind)) for promotion in running(now) if _fits(promotion, cart)]
    offers += [
        Offer(coupon.promotion, registry.get(coupon.promotion.kind), coupon=code) for code, coupon in entered.items()
    ]
    unknown = tuple(code for code in codes if code not in entered)
    if not offers:
        return Found((), unknown)
    known = _known([offer.promotion for offer in offers], cart, now)
    judged = _once(_within_limits([judge(offer, cart, known) for offer in offers], cart, entered))
    kept = [offer for offer in judged if offer.coupon or offer.obstacle is None or offer.obstacle in INVITING]
    return Found(tuple(sorted(kept, key=_rank)), unknown)


def _rank(offer: Offer) -> tuple[int, int]:
    return -offer.promotion.priority, offer.promotion.pk


def _fits(promotion: Promotion, cart: Cart) -> bool:
    """Amounts of another currency mean nothing here, nor does half a draft or a kind whose app is gone."""
    return promotion.currency == cart.currency and promotion.is_complete


def _once(offers: Sequence[Offer]) -> list[Offer]:
    """Two codes of one promotion: the first one counts."""
    seen: set[int] = set()
    found = []
    for offer in offers:
        if offer.coupon and offer.obstacle is None:
            if offer.promotion.pk in seen:
                offer = offer.stopped(Obstacle.TWICE)
            seen.add(offer.promotion.pk)
        found.append(offer)
    return found


def _known(promotions: Sequence[Promotion], cart: Cart, now: datetime) -> Known:
    blocks = [block for each in promotions for stream in (each.applies_to, each.not_for) for block in stream.raw_data]
    kinds = {block["type"] for block in blocks}
    wanted = {key for block in blocks if block["type"] == "categories" for key in named(block)}
    collections = {key for block in blocks if block["type"] == "collections" for key in named(block)}
    paths = dict(CategoryPage.objects.filter(pk__in=wanted).values_list("pk", "path")) if wanted else {}
    return Known(
        now=now,
        products=_products([line.sku for line in cart.lines], collections) if kinds - {"skus"} else {},
        categories=paths,
        groups=_groups(cart) if any(each.groups for each in promotions) else frozenset(),
        ordered_before=any(each.first_order for each in promotions) and _has_ordered(cart),
    )


def _products(skus: Sequence[str], collections: Collection[int]) -> dict[str, ProductFacts]:
    rows = list(
        Variant.objects.filter(sku__in=skus).values_list("sku", "product_id", "product__path", "product__brand_id")
    )
    further: dict[int, list[str]] = {}
    links = ProductPage.further_categories.through.objects.filter(productpage_id__in={row[1] for row in rows})
    for product, path in links.values_list("productpage_id", "categorypage__path"):
        further.setdefault(product, []).append(path)
    shown = _shown({row[1] for row in rows}, collections)
    return {
        sku: ProductFacts((path, *further.get(product, ())), brand, frozenset(shown.get(product, ())))
        for sku, product, path, brand in rows
    }


def _shown(products: set[int], collections: Collection[int]) -> dict[int, set[int]]:
    """By product: the collections that show it. One that is not published shows nothing."""
    found: dict[int, set[int]] = {}
    if collections:
        for collection in CollectionPage.objects.live().filter(pk__in=collections):
            for product in products & set(product_ids(collection)):
                found.setdefault(product, set()).add(collection.pk)
    return found


def _groups(cart: Cart) -> frozenset[int]:
    if cart.buyer.user_id is None:
        return frozenset()
    return frozenset(Group.objects.filter(user=cart.buyer.user_id).values_list("pk", flat=True))


def _has_ordered(cart: Cart) -> bool:
    """Whether an order of this account or address stands, beside the one that the buyer is about to give up."""
    buyer = cart.buyer
    who = Q(customer=buyer.user_id) if buyer.user_id is not None else Q()
    who |= Q(email=buyer.email.strip().lower()) if buyer.email else Q()
    if not who:
        return False
    orders = Order.objects.filter(who).exclude(status__in=_GIVEN_UP)
    if buyer.unfinished is not None:
        orders = orders.exclude(pk=buyer.unfinished)
    return orders.exists()


def _within_limits(offers: Sequence[Offer], cart: Cart, entered: dict[str, Coupon]) -> list[Offer]:
    """The offers, stopped where a limit is reached."""
    customer = Customer.of(user_id=cart.buyer.user_id, email=cart.buyer.email)
    limits = {
        index: {
            key: limit
            for key, limit in limits_of(offer.promotion, entered.get(offer.coupon), customer).items()
            if limit is not None
        }
        for index, offer in enumerate(offers)
        if offer.obstacle is None or offer.obstacle in INVITING
    }
    keys: list[UsageKey] = [(offers[index].promotion.pk, key) for index, found in limits.items() for key in found]
    counts = used(keys, but_not=cart.buyer.unfinished)
    reached = {
        index: {key for key, limit in found.items() if counts[offers[index].promotion.pk, key] >= limit}
        for index, found in limits.items()
    }
    stopped = [index for index, keys_reached in reached.items() if keys_reached]
    shared = [index for index in stopped if reached[index].isdisjoint(customer.keys)]
    used_before = _used_by(customer, [offers[index].promotion.pk for index in shared], cart.buyer.unfinished)
    result = list(offers)
    for index in stopped:
        offer = offers[index]
        coupon = entered[offer.coupon].pk if offer.coupon else None
        others = index in shared and (offer.promotion.pk, coupon) not in used_before
        result[index] = offer.stopped(Obstacle.USED_UP if others else Obstacle.USED_BY_YOU)
    return result


def _used_by(customer: Customer, promotions: Sequence[int], but_not: int | None) -> "set[tuple[int, int | None]]":
    """The promotions, each with its code, that a customer has used. Whoever used up a code may be told so."""
    who = Q(account=customer.account) if customer.account is not None else Q()
    who |= Q(mail=customer.mail) if customer.mail else Q()
    if not promotions or not who:
        return set()
    rows = Redemption.objects.filter(who, promotion__in=promotions, released_at=None)
    if but_not is not None:
        rows = rows.exclude(order=but_not)
    return set(rows.values_list("promotion_id", "coupon_id"))
