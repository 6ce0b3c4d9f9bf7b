"""What editors say about a way to pay."""

from wagtail import blocks


def provider_choices() -> list[tuple[str, str]]:
    """The providers that are installed (``PAYMENT_PROVIDERS``); asked when the form is shown."""
    from shop.payments.registry import providers  # its providers need the models, which need these blocks

    return [(provider.code, provider.label) for provider in providers().values()]


class WayToPayBlock(blocks.StructBlock):
    """One of the installed providers, in the shop's own words."""

    provider = blocks.ChoiceBlock(choices=provider_choices, label="Way to pay")
    label = blocks.CharBlock(
        required=False, max_length=60, label="Name", help_text="What buyers choose. Empty: the usual name."
    )
    description = blocks.CharBlock(
        required=False, max_length=200, help_text="A sentence below it. Empty: the usual one."
    )

    class Meta:
        icon = "form"
        label = "Way to pay"
