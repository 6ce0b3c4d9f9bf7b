"""Asking to be told."""

from django import forms

from shop.catalog.models.variant import SKU_MAX_LENGTH


class AlertForm(forms.Form):
    """Which SKU, and where to write to. ``website`` is invisible: only robots fill it in."""

    sku = forms.CharField(max_length=SKU_MAX_LENGTH, widget=forms.HiddenInput)
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter a whole e-mail address, such as ann@example.com.",
        },
    )
    website = forms.CharField(required=False)
