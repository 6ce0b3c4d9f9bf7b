"""Writes uses of promotions, in the transaction of the order that makes or loses them.

A use is a ``Redemption`` row. Where a limit has to be held, it is also counted, by an update that only succeeds below
the limit; the database's own checks stand behind that. The order of locks, for each promotion by primary key:
the promotion, then its counters by key. Stock comes after.
"""

from django.db.models import F
from django.utils import timezone

from shop.orders.drafts import DiscountDraft, OrderDraft
from shop.orders.models import Order
from shop.orders.participants import PlacementRefused
from shop.promotions.locks import lock_for_counting, lock_for_use
from shop.promotions.models import Coupon, Promotion, Redemption, UsageCounter
from shop.promotions.offers import promotion_of
from shop.promotions.usage import TOTAL, Customer, Limits, counted, limits_of


class UsedUp(PlacementRefused):
    """A limit is reached, or the promotion is gone, since the cart was priced."""


def take(order: Order, draft: OrderDraft) -> None:
    """Count the uses of an order that is being placed (registered with orders). Raises UsedUp."""
    found = {pk: discount for discount in draft.discounts if (pk := promotion_of(discount.code)) is not None}
    if not found:
        return
    customer = Customer.of(user_id=order.customer_id, email=order.email)
    for pk, discount in sorted(found.items()):
        coupon, limits = _locked(pk, discount, customer)
        _begin_counting(pk, [key for key, limit in limits.items() if limit is not None])
        Redemption.objects.create(
            promotion_id=pk,
            coupon=coupon,
            order=order,
            account=customer.account,
            mail=customer.mail,
            amount=discount.amount,
        )
        _count(pk, limits)


def give_back(order: Order) -> None:
    """The order is given up: its uses do not count any more (registered with orders). Fine to repeat."""
    for redemption in Redemption.objects.filter(order=order, released_at=None).order_by("promotion_id"):
        lock_for_counting(promotion_id=redemption.promotion_id)
        if not Redemption.objects.filter(pk=redemption.pk, released_at=None).update(released_at=timezone.now()):
            continue
        keys = [TOTAL, f"code:{redemption.coupon_id}", *Customer(redemption.account, redemption.mail).keys]
        for key in sorted(keys):
            UsageCounter.objects.filter(promotion=redemption.promotion_id, key=key).update(used=F("used") - 1)


def _locked(pk: int, discount: DiscountDraft, customer: Customer) -> tuple[Coupon | None, Limits]:
    """The coupon and the limits of a use, with the lock that they ask for. Raises UsedUp."""
    _, before = _limits(pk, discount, customer)
    counted = any(limit is not None for limit in before.values())
    (lock_for_counting if counted else lock_for_use)(promotion_id=pk)
    coupon, limits = _limits(pk, discount, customer)
    if not counted and any(limit is not None for limit in limits.values()):
        raise UsedUp(f"Promotion {pk} has just been given a limit.")
    return coupon, limits


def _limits(pk: int, discount: DiscountDraft, customer: Customer) -> tuple[Coupon | None, Limits]:
    promotion = Promotion.objects.filter(pk=pk).first()
    coupon = Coupon.objects.filter(promotion=pk, code=discount.coupon).first() if discount.coupon else None
    if promotion is None or (discount.coupon and coupon is None):
        raise UsedUp(f"Promotion {pk} is gone.")
    return coupon, limits_of(promotion, coupon, customer)


def _begin_counting(promotion_id: int, keys: list[str]) -> None:
    """A counter for each key that has to stay below a limit, with what was used before."""
    if not keys:
        return
    counters = UsageCounter.objects.filter(promotion=promotion_id, key__in=keys)
    missing = sorted(set(keys) - set(counters.values_list("key", flat=True)))
    if not missing:
        return
    before = counted([(promotion_id, key) for key in missing])
    UsageCounter.objects.bulk_create(
        UsageCounter(promotion_id=promotion_id, key=key, used=before[promotion_id, key]) for key in missing
    )


def _count(promotion_id: int, limits: Limits) -> None:
    """One more use under each key. Raises UsedUp at a limit; where none has ever been held there is no counter."""
    for key, limit in sorted(limits.items()):
        counter = UsageCounter.objects.filter(promotion=promotion_id, key=key)
        if limit is None:
            counter.update(used=F("used") + 1, limit=None)
        elif not counter.filter(used__lt=limit).update(used=F("used") + 1, limit=limit):
            raise UsedUp(f"Promotion {promotion_id} has reached its limit of {limit} for {key.partition(':')[0]}.")
