"""Editing the limits: a person types pounds, the table holds pence."""

from wagtail.admin.forms import WagtailAdminModelForm

from shop.money_fields import MoneyField


class ScreeningSettingsForm(WagtailAdminModelForm):
    """Amounts as decimals."""

    first_order_from = MoneyField(
        label="First order of",
        required=False,
        help_text="Or more, with an e-mail address that has not bought before. Empty: never.",
    )
