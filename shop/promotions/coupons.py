"""Entering and removing coupon codes, and making them."""

from collections.abc import MutableMapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.cart.buyer import MAX_CODES, read_buyer, remember
from shop.promotions import wording
from shop.promotions.codes import CODE_LONGEST, new_code, normalise
from shop.promotions.models import Coupon, CouponBatch, Promotion
from shop.promotions.selectors import usable_coupons

ROWS_AT_ONCE = 500


class CouponError(Exception):
    """The code was not taken; the message is for the buyer."""


def enter(*, session: MutableMapping[str, Any], typed: str) -> str:
    """Keep a code for the cart; gives it as it is stored. What it does, or why nothing, the cart says.

    Raises CouponError for one that does nothing whatever is in the cart.
    """
    code = normalise(typed)
    if not code:
        raise CouponError("Enter your coupon code: letters and digits.")
    codes = read_buyer(session).codes
    if code in codes:
        return code
    if len(codes) >= MAX_CODES:
        raise CouponError(f"A cart takes at most {MAX_CODES} codes. Remove one first.")
    coupon = usable_coupons([code]).first() if len(code) <= CODE_LONGEST else None
    if coupon is None:
        raise CouponError(wording.unknown(code[:CODE_LONGEST]))
    promotion, now = coupon.promotion, timezone.now()
    if not promotion.runs_at(now):
        raise CouponError(wording.out_of_time(promotion, code, now))
    remember(session, codes=(*codes, code))
    return code


def remove(*, session: MutableMapping[str, Any], typed: str) -> None:
    """Forget a code; fine if it is gone already."""
    code = normalise(typed)
    codes = read_buyer(session).codes
    remember(session, codes=tuple(each for each in codes if each != code))


@transaction.atomic
def make_codes(
    *,
    promotion: Promotion,
    title: str,
    count: int,
    length: int,
    prefix: str = "",
    max_uses: int | None = 1,
    user: User | None = None,
) -> CouponBatch:
    """Codes that cannot be guessed, all or none. ``prefix`` comes before ``length`` drawn characters."""
    if len(prefix) + length > CODE_LONGEST:
        raise ValueError(f"A code has at most {CODE_LONGEST} characters.")
    batch = CouponBatch.objects.create(promotion=promotion, title=title, created_by=user)
    made: set[str] = set()
    while len(made) < count:
        wanted = {new_code(length=length, prefix=prefix) for _ in range(min(count - len(made), ROWS_AT_ONCE))} - made
        # One that exists is never handed out again; at these lengths there is hardly ever one.
        wanted -= set(Coupon.objects.filter(code__in=wanted).values_list("code", flat=True))
        Coupon.objects.bulk_create(
            Coupon(promotion=promotion, batch=batch, code=code, max_uses=max_uses) for code in sorted(wanted)
        )
        made |= wanted
    return batch
