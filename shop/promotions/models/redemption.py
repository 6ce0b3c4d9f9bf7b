"""Who has used what: rows that only ``services.py`` writes, in the transaction of the order."""

from django.db import models
from django.db.models import F, Q

from shop.orders.models import Order
from shop.promotions.models.coupon import Coupon
from shop.promotions.models.promotion import Promotion


class Redemption(models.Model):
    """One use of a promotion by one order. It counts until the order is given up and ``released_at`` is set.

    ``account`` is the number of the buyer's account, ``mail`` a keyed hash of the e-mail address: enough to recognise
    a customer, and nothing to write to. ``amount`` is in minor units of the order's currency.
    """

    wagtail_reference_index_ignore = True

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="redemptions")
    coupon = models.ForeignKey(Coupon, null=True, on_delete=models.PROTECT, related_name="redemptions")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="redemptions")
    account = models.BigIntegerField(null=True)
    mail = models.CharField(max_length=32)
    amount = models.BigIntegerField()
    taken_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "promotion"], name="redemption_once_per_order"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="redemption_not_negative"),
        ]
        indexes = [
            models.Index(fields=["promotion", "mail"], name="redemption_by_mail"),
            models.Index(fields=["promotion", "account"], name="redemption_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} by order {self.order_id}"


class UsageCounter(models.Model):
    """How many redemptions count under one key of a promotion: all of them, those of a code, of an account, of an
    address (see ``usage.py``).

    Kept only where a limit has ever had to be held. ``limit`` is the limit under which it was last raised, so that the
    database itself refuses one use too many, and lowering a limit later breaks nothing.
    """

    wagtail_reference_index_ignore = True

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="counters")
    key = models.CharField(max_length=40)
    used = models.PositiveIntegerField()
    limit = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promotion", "key"], name="usage_counter_unique"),
            models.CheckConstraint(
                condition=Q(limit__isnull=True) | Q(used__lte=F("limit")), name="usage_within_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.promotion_id}: {self.used}"
