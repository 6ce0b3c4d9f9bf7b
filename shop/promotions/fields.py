"""A form field for the arguments of kinds: a number of units."""

from django import forms

# No order has more units than this many, so no argument that counts units needs more.
MOST_UNITS = 9_900


def units_field(*, label: str, least: int = 1, required: bool = True, help_text: str = "") -> forms.IntegerField:
    """A number of units or times."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=MOST_UNITS, required=required, help_text=help_text
    )
