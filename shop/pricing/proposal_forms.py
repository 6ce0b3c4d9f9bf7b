"""Forms with which prices are proposed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from shop.catalog.models import Variant
from shop.catalog.offers import Quote
from shop.pricing.columns import AmountField, moment_field
from shop.pricing.price_files import UnreadableFile, read_prices
from shop.pricing.proposing import Wanted


class ProposalForm(forms.Form):
    """Why and when."""

    title = forms.CharField(
        label="Why the prices change",
        max_length=100,
        help_text="Stands beside every price in the history: Spring sale, New supplier…",
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["valid_from"] = moment_field(label="From", help_text="Empty: as soon as it is approved.")
        self.fields["valid_to"] = moment_field(
            label="Until", help_text="For a sale: then the old prices come back. Empty: for good."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ends = cleaned.get("valid_to")
        if ends and ends <= (cleaned.get("valid_from") or timezone.now()):
            self.add_error("valid_to", "It must end after it begins.")
        return cleaned

    @property
    def wanted(self) -> list[Wanted]:
        """The prices that were asked for, once the form is valid."""
        raise NotImplementedError

    @property
    def source(self) -> str:
        return ""


class FileProposalForm(ProposalForm):
    """Many prices from a file."""

    file = forms.FileField(
        label="File", help_text="CSV with the columns SKU, Price and, where you have one, Compare at. A row per SKU."
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            self._wanted = read_prices(data=upload.read(), currency=self.currency)
        except UnreadableFile as error:
            raise ValidationError(str(error)) from error
        return upload

    @property
    def wanted(self) -> list[Wanted]:
        return self._wanted

    @property
    def source(self) -> str:
        return str(self.cleaned_data["file"].name)[:120]


class ProductProposalForm(ProposalForm):
    """The variants of one product; empty fields stay as they are."""

    def __init__(self, *args: Any, variants: Sequence[Variant], quotes: dict[int, Quote], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.variants, self.quotes = variants, quotes
        for variant in variants:
            for name, label in (("amount", "New price"), ("compare_at", "Compare at")):
                item = AmountField(currency=self.currency, label=f"{label}, {variant.sku}", required=False)
                item.widget.attrs |= {
                    "aria-label": item.label,
                    "inputmode": "decimal",
                    "autocomplete": "off",
                    "size": 9,
                }
                self.fields[f"{name}_{variant.pk}"] = item

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.wanted:
            raise ValidationError("Give at least one new price.")
        return cleaned

    @property
    def wanted(self) -> list[Wanted]:
        values = self.cleaned_data
        return [
            Wanted(variant.sku, values[f"amount_{variant.pk}"], values.get(f"compare_at_{variant.pk}"))
            for variant in self.variants
            if values.get(f"amount_{variant.pk}") is not None
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each variant with its fields, for the template."""
        return [
            {
                "variant": variant,
                "quote": self.quotes.get(variant.pk),
                "amount": self[f"amount_{variant.pk}"],
                "compare_at": self[f"compare_at_{variant.pk}"],
            }
            for variant in self.variants
        ]

    @property
    def common(self) -> list[Any]:
        """The fields that hold for all of them."""
        return [self[name] for name in ("title", "valid_from", "valid_to")]
