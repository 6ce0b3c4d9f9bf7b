"""What is remembered of where orders come from, and at how many of them somebody should look."""

from django.core.validators import MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from shop.orders.models import Order
from shop.screening.forms import ScreeningSettingsForm


class Trace(models.Model):
    """Where one order came from: keyed hashes of the visitor's network and of the address it goes to, nothing readable.

    Only for counting; forgotten after ``services.KEPT``.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="trace")
    origin = models.CharField(max_length=32, blank=True)
    mailbox = models.CharField(max_length=32)
    household = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["origin", "created_at"], name="trace_origin"),
            models.Index(fields=["mailbox", "created_at"], name="trace_mailbox"),
            models.Index(fields=["household", "created_at"], name="trace_household"),
            models.Index(fields=["created_at"], name="trace_created"),
        ]

    def __str__(self) -> str:
        return f"Trace of order {self.order_id}"


def _limit(default: int, label: str, help_text: str) -> "models.PositiveIntegerField[int | None, int | None]":
    return models.PositiveIntegerField(
        label, null=True, blank=True, default=default, validators=[MinValueValidator(1)], help_text=help_text
    )


@register_setting(icon="warning", order=340)
class ScreeningSettings(BaseSiteSetting):
    """When an order waits until somebody has looked at it. An empty number switches its rule off.

    A held order is paid as any other; it cannot be sent before staff release it.
    """

    orders_per_hour = _limit(5, "Orders in an hour", "From one internet connection. The next one is held.")
    orders_per_day = _limit(6, "Orders in a day", "With one e-mail address. The next one is held.")
    failures_per_hour = _limit(
        4, "Failed payments in an hour", "From one connection or e-mail address: somebody may be trying cards."
    )
    mailboxes_per_household = _limit(
        3, "E-mail addresses for one delivery address", "Within a day. An order with one more of them is held."
    )
    first_order_from = models.BigIntegerField(
        "First order of", null=True, blank=True, help_text="Or more, with an e-mail address that has not bought before."
    )

    base_form_class = ScreeningSettingsForm
    panels = [
        HelpPanel(
            "<p>An order that meets one of these rules is held: it can be paid, but not sent before somebody has "
            "looked at it and released it. The order says why. Leave a number empty to switch its rule off.</p>"
        ),
        FieldRowPanel([FieldPanel("orders_per_hour"), FieldPanel("orders_per_day")]),
        FieldRowPanel([FieldPanel("failures_per_hour"), FieldPanel("mailboxes_per_household")]),
        FieldPanel("first_order_from"),
    ]

    class Meta:
        verbose_name = "orders to be looked at"

    @classmethod
    def current(cls) -> "ScreeningSettings":
        """The shop's settings, or the defaults; reading never writes a row."""
        return cls.objects.filter(site__is_default_site=True).first() or cls()
