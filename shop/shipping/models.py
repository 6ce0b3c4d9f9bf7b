"""What delivery costs."""

from django.db import models
from django.db.models import Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from shop.shipping.forms import ShippingSettingsForm

DEFAULT_FLAT_RATE = 395
DEFAULT_FREE_FROM = 5000


@register_setting(icon="redirect", order=310)
class ShippingSettings(BaseSiteSetting):
    """One flat rate, free above a threshold. Amounts are minor units of the shop's currency, tax included."""

    label = models.CharField(max_length=100, default="Standard delivery", help_text="What the buyer reads.")
    flat_rate = models.BigIntegerField(default=DEFAULT_FLAT_RATE)
    free_from = models.BigIntegerField(null=True, blank=True, default=DEFAULT_FREE_FROM)

    base_form_class = ShippingSettingsForm
    panels = [FieldPanel("label"), FieldRowPanel([FieldPanel("flat_rate"), FieldPanel("free_from")])]

    class Meta:
        verbose_name = "delivery"
        constraints = [
            models.CheckConstraint(
                condition=Q(flat_rate__gte=0) & (Q(free_from__isnull=True) | Q(free_from__gte=0)),
                name="shipping_not_negative",
            )
        ]

    @classmethod
    def current(cls) -> "ShippingSettings":
        """The shop's settings, or the defaults; reading never writes a row."""
        return cls.objects.filter(site__is_default_site=True).first() or cls()

    def charge(self, subtotal: int) -> int:
        """What delivery costs for products worth ``subtotal``."""
        return 0 if self.free_from is not None and subtotal >= self.free_from else self.flat_rate
