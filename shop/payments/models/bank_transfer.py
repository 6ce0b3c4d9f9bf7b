"""What a bank transfer needs to know."""

from django.core.validators import MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="table", order=330)
class BankTransferSettings(BaseSiteSetting):
    """Where a buyer who pays by bank transfer sends the money."""

    account_name = models.CharField(max_length=100, blank=True)
    bank_name = models.CharField("bank", max_length=100, blank=True)
    sort_code = models.CharField(max_length=12, blank=True, help_text="For example 20-00-00.")
    account_number = models.CharField(max_length=20, blank=True)
    iban = models.CharField("IBAN", max_length=42, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    days_to_pay = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1)], help_text="How long you hold the goods for the buyer."
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("account_name"),
                FieldPanel("bank_name"),
                FieldRowPanel([FieldPanel("sort_code"), FieldPanel("account_number")]),
                FieldRowPanel([FieldPanel("iban"), FieldPanel("bic")]),
            ],
            heading="Your account",
            help_text="Shown to buyers who pay by bank transfer, with their order number as the reference.",
        ),
        FieldPanel("days_to_pay"),
    ]

    class Meta:
        verbose_name = "bank transfer"

    @classmethod
    def current(cls) -> "BankTransferSettings":
        """The shop's settings, or empty ones; reading never writes a row."""
        return cls.objects.filter(site__is_default_site=True).first() or cls()

    @property
    def is_complete(self) -> bool:
        """Whether a buyer could pay with what is filled in."""
        return bool(self.account_name and ((self.sort_code and self.account_number) or self.iban))
