"""How often promotions have been used, by the keys under which uses are limited."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q
from django.utils.crypto import salted_hmac

from shop.promotions.models import Coupon, Promotion, Redemption, UsageCounter

TOTAL = "total"
# Providers that deliver addresses with and without dots to the same person.
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})
# A promotion, and one of its keys.
UsageKey = tuple[int, str]
# The keys that a use is counted under, each with its limit, if it has one.
Limits = dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Customer:
    """Whoever uses something, as far as known: by account, by address, by both."""

    account: int | None = None
    mail: str = ""

    @classmethod
    def of(cls, *, user_id: int | None, email: str) -> "Customer":
        """``mail`` is a keyed hash of the address without what one person can vary."""
        return cls(user_id, mail_key(email) if email else "")

    @property
    def keys(self) -> list[str]:
        """The keys under which this customer's uses are counted."""
        return [
            *([f"user:{self.account}"] if self.account is not None else []),
            *([f"mail:{self.mail}"] if self.mail else []),
        ]


def mail_key(email: str) -> str:
    """A keyed hash of an address: lower case, without ``+tag``, at some providers without dots."""
    local, _, domain = email.strip().lower().rpartition("@")
    local = re.sub(r"\+.*$", "", local)
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return salted_hmac("shop.promotions.mail", f"{local}@{domain}".encode("utf-8", "replace")).hexdigest()[:32]


def limits_of(promotion: Promotion, coupon: Coupon | None, customer: Customer) -> Limits:
    """The keys that a use is counted under, each with its limit, if it has one."""
    found: Limits = {TOTAL: promotion.limit_total}
    if coupon is not None:
        found[f"code:{coupon.pk}"] = coupon.max_uses
    return found | dict.fromkeys(customer.keys, promotion.customer_limit)


def used(keys: Iterable[UsageKey], *, but_not: int | None = None) -> dict[UsageKey, int]:
    """How many redemptions count under each key, leaving out those of the order ``but_not``. At most three queries."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    promotions = {promotion for promotion, _ in wanted}
    counters = UsageCounter.objects.filter(promotion__in=promotions, key__in={key for _, key in wanted})
    found = {(promotion, key): count for promotion, key, count in counters.values_list("promotion_id", "key", "used")}
    found |= counted([key for key in wanted if key not in found])
    if but_not is not None:
        own = Redemption.objects.filter(order=but_not, released_at=None, promotion__in=promotions)
        for row in own:
            for key in (TOTAL, f"code:{row.coupon_id}", *Customer(row.account, row.mail).keys):
                if (row.promotion_id, key) in found:
                    found[row.promotion_id, key] -= 1
    return {key: found.get(key, 0) for key in wanted}


def counted(keys: list[UsageKey]) -> dict[UsageKey, int]:
    """The same from the redemptions themselves, for keys that have no counter; one query."""
    if not keys:
        return {}
    parts = [Q(promotion=promotion) & _matching(key) for promotion, key in keys]
    counts: Mapping[str, Any] = Redemption.objects.filter(reduce(or_, parts), released_at=None).aggregate(
        **{f"n{number}": Count("pk", filter=part) for number, part in enumerate(parts)}
    )
    return {key: counts[f"n{number}"] for number, key in enumerate(keys)}


def _matching(key: str) -> Q:
    kind, _, value = key.partition(":")
    if kind == TOTAL:
        return Q()
    return Q(**{{"code": "coupon_id", "user": "account", "mail": "mail"}[kind]: value})
