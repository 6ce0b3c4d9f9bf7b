"""Classes of goods, dated rates of countries, and how the shop goes about tax."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from shop.money import BASIS_POINTS


class AppendOnly(RuntimeError):
    """Somebody wants to change the history of rates."""


class TaxClass(models.Model):
    """What kinds of goods are taxed alike: standard, reduced, zero. Exactly one is the default."""

    name = models.CharField(max_length=60, unique=True)
    code = models.SlugField(max_length=30, unique=True, help_text="Short and lasting: standard.")
    is_default = models.BooleanField(
        "default", default=False, help_text="For every product of which nobody has said anything else."
    )

    class Meta:
        verbose_name = "tax class"
        verbose_name_plural = "tax classes"
        ordering = ["-is_default", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="tax_one_default")
        ]

    def __str__(self) -> str:
        return self.name


class TaxRate(models.Model):
    """A country's rate for a class from a moment on, in basis points. Append-only: a change is a new row.

    The rate that counts is the row with the latest ``valid_from`` that has passed (ties: the newest row).
    """

    tax_class = models.ForeignKey(TaxClass, on_delete=models.PROTECT, related_name="rates")
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    rate = models.PositiveIntegerField(validators=[MaxValueValidator(BASIS_POINTS)])
    valid_from = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "tax rate"
        ordering = ["country", "tax_class", "-valid_from", "-pk"]
        indexes = [models.Index(fields=["country", "tax_class", "-valid_from", "-id"], name="tax_rate_current")]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=BASIS_POINTS), name="tax_rate_within_reason")
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.rate / 100:g} % from {timezone.localtime(self.valid_from):%d %b %Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises AppendOnly for a row that is stored already."""
        if not self._state.adding:
            raise AppendOnly("A rate is never changed: add a new one with the date from which it holds.")
        super().save(*args, **kwargs)


class VariantTaxClass(models.Model):
    """A variant that is not of the default class. Outside page revisions: it is money, not content."""

    variant = models.OneToOneField("catalog.Variant", on_delete=models.CASCADE, related_name="tax")
    tax_class = models.ForeignKey(TaxClass, on_delete=models.PROTECT, related_name="variants")

    class Meta:
        verbose_name = "tax class of a variant"

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.tax_class}"


class Elsewhere(models.TextChoices):
    """What holds for a country of which no rate is known."""

    HOME = "home", "The rate of our own country"
    NONE = "none", "No tax; where prices include it, it is taken off"


@register_setting(icon="decimal", order=320)
class TaxSettings(BaseSiteSetting):
    """How the shop goes about tax. Whether prices include it, and its name, are in the shop settings."""

    registration_number = models.CharField(
        max_length=30, blank=True, help_text="Your own. Shown on confirmations and invoices."
    )
    delivery_class = models.ForeignKey(
        TaxClass,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="tax on delivery",
        help_text="Empty: delivery is taxed like the goods in the cart, in proportion.",
    )
    elsewhere = models.CharField(
        "countries without a rate", max_length=10, choices=Elsewhere.choices, default=Elsewhere.HOME
    )
    relieve_businesses = models.BooleanField(
        "businesses abroad pay no tax",
        default=True,
        help_text="A buyer with a valid EU or UK VAT number of the country that the goods go to, if it is not ours.",
    )

    panels = [
        FieldPanel("registration_number"),
        FieldPanel("delivery_class"),
        FieldPanel("elsewhere"),
        FieldPanel("relieve_businesses"),
    ]

    class Meta:
        verbose_name = "tax"

    @classmethod
    def current(cls) -> "TaxSettings":
        """The shop's settings, or the defaults; reading never writes a row."""
        found = cls.objects.select_related("delivery_class").filter(site__is_default_site=True)
        return found.first() or cls()
