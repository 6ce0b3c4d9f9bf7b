"""The editor of a promotion, and the forms with which codes are made."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from cms.selectors import shop_currency
from shop.money_fields import MoneyField
from shop.promotions.argument_forms import ArgumentsField
from shop.promotions.codes import ALPHABET, normalise
from shop.promotions.kinds import Kind, registry

BULK_MOST = 10_000
# Four bits and more per character: with eight of them one try in four million finds one of 10,000 codes.
SHORTEST_MADE, LONGEST_MADE = 8, 20


class PromotionForm(WagtailAdminModelForm):
    """Amounts as decimals, groups as tick boxes, and what the kind asks for."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=30)
    minimum_spend = MoneyField(
        label="Order worth at least",
        required=False,
        help_text="All products of the cart, before any discount and without delivery. Empty: no matter.",
    )
    groups = forms.ModelMultipleChoiceField(
        label="Only for customer groups",
        queryset=Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Groups that accounts are in. None ticked: for everyone.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = shop_currency()
        wanted = self.instance.kind or self.data.get("kind") or self.initial.get("kind") or ""
        self.kind_object: Kind | None = registry.get(wanted) if wanted in registry else None
        self.currency = currency
        self.initial["kind"] = wanted
        if "arguments" in self.fields:
            self.fields["arguments"] = ArgumentsField(self.kind_object, currency)
            self.initial["arguments"] = self.instance.arguments

    def clean_kind(self) -> str:
        """What it is cannot change: the arguments of another kind would be nonsense."""
        if self.kind_object is None:
            raise ValidationError("This kind of promotion is not known here. Start again from the list.")
        return self.kind_object.code

    def clean_groups(self) -> list[int]:
        return sorted(group.pk for group in self.cleaned_data["groups"])

    def _post_clean(self) -> None:
        # Before the instance checks itself. Amounts are in the shop's currency as it is now.
        if self.kind_object is not None:
            self.instance.kind, self.instance.currency = self.kind_object.code, self.currency
        super()._post_clean()


class BulkForm(forms.Form):
    """How many codes, and what they look like."""

    title = forms.CharField(label="What for", max_length=80, help_text="For your own list: Autumn newsletter.")
    count = forms.IntegerField(label="How many codes", min_value=1, max_value=BULK_MOST, initial=100)
    begins = forms.CharField(
        label="They begin with",
        required=False,
        max_length=12,
        help_text="Letters and digits, such as AUTUMN. May stay empty.",
    )
    length = forms.IntegerField(
        label="Further characters",
        min_value=SHORTEST_MADE,
        max_value=LONGEST_MADE,
        initial=12,
        help_text=f"Drawn from {ALPHABET}: nothing that looks like something else. 12 cannot be guessed.",
    )
    max_uses = forms.IntegerField(
        label="Each can be used",
        min_value=1,
        max_value=1_000_000,
        initial=1,
        required=False,
        help_text="Times, by all buyers together. Empty: without a limit.",
    )

    def clean_begins(self) -> str:
        return normalise(self.cleaned_data["begins"])
