"""Which ways to pay editors offer, in which order, under which names."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from shop.payments.blocks import WayToPayBlock
from shop.payments.overview import WaysNowPanel


@register_setting(icon="form", order=325)
class PaymentSettings(BaseSiteSetting):
    """The ways to pay at the checkout. Without any, all that are installed are offered, in the order of the setting."""

    ways: Any = StreamField(
        [("way", WayToPayBlock())],
        blank=True,
        verbose_name="ways to pay",
        help_text="In the order in which buyers see them. Leave it empty to offer everything that is installed.",
    )

    panels = [WaysNowPanel(heading="What buyers are offered now"), FieldPanel("ways")]

    class Meta:
        verbose_name = "ways to pay"

    def clean(self) -> None:
        super().clean()
        codes = [way.value.get("provider") for way in self.ways]
        if len(codes) != len(set(codes)):
            raise ValidationError({"ways": "Each way to pay can be in the list once."})

    @classmethod
    def current(cls) -> "PaymentSettings":
        """The shop's settings, or empty ones; reading never writes a row."""
        return cls.objects.filter(site__is_default_site=True).first() or cls()
