"""Which tax is inside the prices."""

from django.core.validators import MaxValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from shop.money import BASIS_POINTS
from shop.tax.forms import TaxSettingsForm

STANDARD_RATE = 2000


@register_setting(icon="decimal", order=320)
class TaxSettings(BaseSiteSetting):
    """One rate for everything, delivery too, in basis points."""

    label = models.CharField(max_length=20, default="VAT", help_text="What the buyer reads: VAT, GST.")
    rate = models.PositiveIntegerField(default=STANDARD_RATE, validators=[MaxValueValidator(BASIS_POINTS)])
    registration_number = models.CharField(max_length=30, blank=True, help_text="Shown on confirmations.")

    base_form_class = TaxSettingsForm
    panels = [FieldPanel("label"), FieldPanel("rate"), FieldPanel("registration_number")]

    class Meta:
        verbose_name = "tax"

    @classmethod
    def current(cls) -> "TaxSettings":
        """The shop's settings, or the defaults; reading never writes a row."""
        return cls.objects.filter(site__is_default_site=True).first() or cls()
