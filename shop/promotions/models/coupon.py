"""Codes that buyers enter. Outside the promotion's drafts: a code that is out in the world must not come and go."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from shop.promotions.codes import CODE_LONGEST, CODE_SHORTEST, normalise
from shop.promotions.models.promotion import Promotion


class CouponBatch(models.Model):
    """Codes that were made at once."""

    wagtail_reference_index_ignore = True

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="batches")
    title = models.CharField("what for", max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class Coupon(models.Model):
    """One code of a promotion, stored as ``normalise`` gives it. ``max_uses`` is for all buyers together."""

    wagtail_reference_index_ignore = True

    promotion = models.ForeignKey(
        Promotion, on_delete=models.PROTECT, related_name="coupons", limit_choices_to={"with_code": True}
    )
    batch = models.ForeignKey(
        CouponBatch, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="coupons"
    )
    code = models.CharField(
        max_length=CODE_LONGEST,
        unique=True,
        help_text="Letters and digits. Buyers may type it in small letters and with blanks or hyphens.",
        error_messages={"unique": "This code exists already."},
    )
    max_uses = models.PositiveIntegerField(
        "uses at most", null=True, blank=True, help_text="By all buyers together. Empty: no limit of its own."
    )
    active = models.BooleanField(default=True, help_text="Untick to stop it without forgetting it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(max_uses__isnull=True) | Q(max_uses__gte=1), name="coupon_uses_at_least_1"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Raises ValidationError for a code that nobody could type."""
        super().clean()
        self.code = normalise(self.code)
        if not CODE_SHORTEST <= len(self.code) <= CODE_LONGEST:
            raise ValidationError({"code": f"Use {CODE_SHORTEST} to {CODE_LONGEST} letters and digits."})
        if self.max_uses == 0:
            raise ValidationError({"max_uses": "Enter at least 1, or untick “active”."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.code = normalise(self.code)
        super().save(*args, **kwargs)
