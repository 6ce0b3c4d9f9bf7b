"""What a shop says about itself, edited under Settings."""

from typing import Any

from babel import Locale
from babel.numbers import is_currency
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


def validate_currency(value: str) -> None:
    """Raises ValidationError for anything but an ISO 4217 code in capitals."""
    if not is_currency(value):
        raise ValidationError(
            "%(value)s is not a currency code (ISO 4217), such as GBP or EUR.",
            code="unknown_currency",
            params={"value": value},
        )


def default_currency() -> str:
    """Currency of a shop that has not chosen one."""
    return str(settings.DEFAULT_CURRENCY)


def country_choices() -> list[tuple[str, str]]:
    """ISO 3166 codes and English names, by name."""
    names = Locale("en").territories
    countries = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code != "ZZ"]
    return sorted(countries, key=lambda country: country[1])


# Whoever writes the shop's words need not decide what everything costs.
MONEY_RIGHT = "cms.change_shop_money"


@register_setting(icon="home", order=100)
class ShopSettings(BaseSiteSetting):
    """Name, address and look of one site's shop."""

    name = models.CharField(max_length=80, default="Cornhill", help_text="Stands at the top of every page.")
    tagline = models.CharField(max_length=160, blank=True, help_text="A few words on what the shop is.")
    legal_name = models.CharField(max_length=160, blank=True, help_text="Stands in the footer. Empty: the name.")
    logo = models.ForeignKey("cms.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    currency = models.CharField(
        max_length=3,
        default=default_currency,
        validators=[validate_currency],
        help_text="Code such as GBP or EUR. Prices that exist keep their own currency.",
    )
    prices_include_tax = models.BooleanField(
        "prices include tax",
        default=True,
        help_text="How prices are entered and shown. Unticked, tax is added in the cart, as trade customers expect.",
    )
    tax_label = models.CharField(
        "name of the tax", max_length=20, default="VAT", help_text="What the buyer reads: VAT, GST."
    )
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="GB", choices=country_choices)
    social_image = models.ForeignKey(
        "cms.CustomImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown where a page without a picture of its own is shared. Best 1200 × 630 pixels.",
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("tagline"), FieldPanel("logo"), FieldPanel("social_image")],
            heading="The shop",
        ),
        MultiFieldPanel(
            [
                FieldPanel("legal_name"),
                FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                FieldPanel("street"),
                FieldRowPanel([FieldPanel("city"), FieldPanel("postcode")]),
                FieldPanel("country", permission=MONEY_RIGHT),
            ],
            heading="Who and where",
        ),
        MultiFieldPanel(
            [FieldPanel(name, permission=MONEY_RIGHT) for name in ("currency", "prices_include_tax", "tax_label")],
            heading="Money",
        ),
    ]

    class Meta:
        verbose_name = "shop settings"
        verbose_name_plural = "shop settings"
        permissions = [(MONEY_RIGHT.partition(".")[2], "Can change country, currency and tax of the shop")]

    def clean_fields(self, exclude: Any = None) -> None:
        """Currency codes are capitals, whoever types them small: before they are looked up."""
        self.currency = self.currency.strip().upper()
        super().clean_fields(exclude=exclude)

    @classmethod
    def current(cls, site: Any) -> "ShopSettings":
        """The stored settings of a site, else unsaved defaults. Never writes, unlike Wagtail's ``for_site``."""
        stored = cls.objects.select_related("logo", "social_image").filter(site=site).first()
        return stored or cls(site=site)
