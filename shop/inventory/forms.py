"""What staff do with stock: one SKU at its screen, many in a stocktake."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import TextChoices
from wagtail.admin.widgets import AdminDateInput

from shop.inventory import locations, services
from shop.inventory.errors import StockError
from shop.inventory.models import StockItem, StockLocation

UNITS_MOST = 10_000_000


class What(TextChoices):
    """What happened to the units."""

    RECEIVE = "receive", "Goods came in"
    ADJUST = "adjust", "Adjust: add units, or take them away with a minus"
    COUNT = "count", "Counted: so many are there"
    TRANSFER = "transfer", "Move to another location"


class MoveForm(forms.Form):
    """A movement of one SKU. ``seen`` is what was at hand when the form was made: a count is refused if that moved."""

    what = forms.ChoiceField(label="What happened?", choices=What.choices, widget=forms.RadioSelect)
    quantity = forms.IntegerField(label="Units", min_value=-UNITS_MOST, max_value=UNITS_MOST)
    location = forms.ModelChoiceField(queryset=StockLocation.objects.none(), empty_label=None, label="Where")
    target = forms.ModelChoiceField(queryset=StockLocation.objects.none(), required=False, label="Moved to")
    reason = forms.CharField(
        max_length=200,
        required=False,
        label="Why",
        help_text="Delivery note, breakage, shelf count… Goes into the ledger.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, item: StockItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        places = StockLocation.objects.all()
        for name in ("location", "target"):
            field: Any = self.fields[name]
            field.queryset = places
        if len(places) < 2:
            del self.fields["target"]
            what: Any = self.fields["what"]
            what.choices = [choice for choice in What.choices if choice[0] != What.TRANSFER]
        self.initial.setdefault("seen", self._levels())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        what, quantity = cleaned.get("what"), cleaned.get("quantity")
        if what == What.ADJUST and not cleaned.get("reason"):
            self.add_error("reason", "Say why: it goes into the ledger.")
        if what == What.TRANSFER and not cleaned.get("target"):
            self.add_error("target", "Where do they go?")
        if quantity is not None and quantity < 0 and what != What.ADJUST:
            self.add_error("quantity", "Only an adjustment may be negative.")
        if what == What.COUNT and cleaned.get("seen") != self._levels():
            self._forget_seen()
            self.add_error(None, "Stock has moved since you opened this page. See the numbers, and save again.")
        return cleaned

    def save(self, user: Any) -> bool:
        """Write the movement; a refusal becomes a message of the form."""
        values = self.cleaned_data
        common = {"sku": self.item.sku, "reason": values["reason"], "user": user}
        try:
            if values["what"] == What.TRANSFER:
                locations.transfer(
                    **common, quantity=values["quantity"], source=values["location"], target=values["target"]
                )
            elif values["what"] == What.COUNT:
                kind = services.Kind.COUNT
                services.set_on_hand(**common, on_hand=values["quantity"], location=values["location"], kind=kind)
            elif values["what"] == What.RECEIVE:
                services.receive(**common, quantity=values["quantity"], location=values["location"])
            else:
                services.adjust(**common, quantity=values["quantity"], location=values["location"])
        except StockError as error:
            self.add_error(None, str(error))
            return False
        return True

    def _levels(self) -> str:
        """The item's numbers as text, by location."""
        rows = self.item.levels.order_by("location").values_list("location", "on_hand")
        return " ".join(f"{location}:{units}" for location, units in rows)

    def _forget_seen(self) -> None:
        data: Any = dict(self.data.items())
        data[self.add_prefix("seen")] = self._levels()
        self.data = data


class ReorderForm(forms.Form):
    """When to order more, and whether to sell what has still to come."""

    reorder_point = forms.IntegerField(
        min_value=0,
        max_value=UNITS_MOST,
        required=False,
        label="Reorder at",
        help_text="Stock is low when so many or fewer are left. Empty: never.",
    )
    backorder_limit = forms.IntegerField(
        min_value=0,
        max_value=UNITS_MOST,
        required=False,
        label="Sell beyond stock",
        help_text="So many units may be sold before they are here: pre-orders, or selling on while the shelf is empty.",
    )
    expected_on = forms.DateField(
        required=False,
        label="Expected on",
        widget=AdminDateInput,
        help_text="When they come. Shoppers read it as long as it is not past.",
    )

    def __init__(self, data: Any = None, *, item: StockItem) -> None:
        names = ("reorder_point", "backorder_limit", "expected_on")
        super().__init__(data, initial={name: getattr(item, name) for name in names})
        self.item = item

    def save(self) -> bool:
        """Store all of it, or nothing; a refusal becomes an error of its field."""
        cleaned = self.cleaned_data
        try:
            with transaction.atomic():
                services.set_reorder_point(sku=self.item.sku, units=cleaned["reorder_point"])
                services.set_backorders(
                    sku=self.item.sku, limit=cleaned["backorder_limit"] or 0, expected_on=cleaned["expected_on"]
                )
        except StockError as error:
            self.add_error("backorder_limit", str(error))
            return False
        return True


class CountForm(forms.Form):
    """What somebody counted of one SKU; empty where nobody did."""

    counted = forms.IntegerField(min_value=0, max_value=UNITS_MOST, required=False)
    seen = forms.IntegerField(min_value=-UNITS_MOST, max_value=UNITS_MOST, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, item: StockItem, units: int, title: str) -> None:
        super().__init__(data, prefix=f"i{item.pk}", initial={"seen": units})
        self.item, self.units, self.title = item, units, title
        self.fields["counted"].widget.attrs |= {
            "inputmode": "numeric",
            "aria-label": f"Counted, {item.sku}",
            "autocomplete": "off",
        }

    def save(self, *, location: StockLocation, reason: str, user: Any) -> bool:
        """Write the difference; whether there was one. A refusal becomes a message of the form."""
        counted = self.cleaned_data["counted"]
        if counted is None:
            return False
        try:
            services.set_on_hand(
                sku=self.item.sku,
                on_hand=counted,
                expected=self.cleaned_data["seen"],
                location=location,
                kind=services.Kind.COUNT,
                reason=reason,
                user=user,
            )
        except StockError as error:
            self.add_error("counted", str(error))
            return False
        return counted != self.cleaned_data["seen"]


class LocationForm(forms.ModelForm):
    """A location. What is sold from, and the default, change by the services: stock depends on them."""

    class Meta:
        model = StockLocation
        fields = ["name", "code", "position", "active", "is_default"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        was_default = bool(self.instance.pk) and self._stored("is_default")
        if cleaned.get("is_default") and not cleaned.get("active"):
            self.add_error("active", "The default location is always active.")
        if was_default and not cleaned.get("is_default"):
            self.add_error("is_default", "Make another location the default instead: there is always one.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """One default at a time is the service's business: until it has run there are two, or none."""
        return {*super()._get_validation_exclusions(), "active", "is_default"}  # type: ignore[misc]

    def _post_clean(self) -> None:
        """The flags are checked by the services, under locks."""
        super()._post_clean()  # type: ignore[misc]  # Django's hook for a model's own validation
        self.wanted = {name: self.cleaned_data.get(name, False) for name in ("active", "is_default")}
        if self.errors:
            return
        stored = self.instance.pk and self._stored("active")
        if stored and not self.wanted["active"]:
            try:
                locations.check_closing(location=self.instance)
            except StockError as error:
                self.add_error("active", str(error))

    def _stored(self, name: str) -> bool:
        return bool(StockLocation.objects.values_list(name, flat=True).get(pk=self.instance.pk))

    def save(self, commit: bool = True) -> StockLocation:
        location: StockLocation = self.instance
        new = location.pk is None
        location.is_default = False if new else self._stored("is_default")
        location.active = self.wanted["active"] if new else self._stored("active")
        location.save()
        locations.set_active(location=location, active=self.wanted["active"])
        if self.wanted["is_default"]:
            locations.make_default(location=location)
        return location
