"""Zones and ways of delivery as editors fill them in."""

from typing import Any

from django import forms
from django_countries import countries
from stdnum.eu.vat import MEMBER_STATES
from wagtail.admin.forms import WagtailAdminModelForm

from shop.shipping.kinds.base import MethodKind, registry
from shop.shipping.models import DeliveryMethod, ShippingZone
from shop.shipping.selectors import overlaps

# The library writes Greece as its VAT numbers do, and counts Northern Ireland.
EUROPEAN_UNION = frozenset("GR" if code == "el" else code.upper() for code in MEMBER_STATES) - {"GB", "XI"}
ARGUMENT = "argument_"


class ZoneForm(WagtailAdminModelForm):
    """Countries as ticks; the European Union with one."""

    countries = forms.MultipleChoiceField(
        required=False,
        choices=lambda: list(countries),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "delivery-countries"}),
    )
    european_union = forms.BooleanField(
        required=False, label="Add all of the European Union", help_text="Ticks its 27 countries when you save."
    )

    class Meta:
        model = ShippingZone
        fields = ["name", "rest_of_world", "european_union", "countries", "postcodes", "position"]

    field_order = Meta.fields

    def clean_postcodes(self) -> str:
        text: str = self.cleaned_data["postcodes"]
        wrong = [prefix for prefix in ShippingZone(postcodes=text).prefixes if not prefix.isalnum()]
        if wrong:
            raise forms.ValidationError(
                f"“{wrong[0][:20]}” begins no postcode: write letters and digits, one beginning per line."
            )
        return text

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = set(data.get("countries") or [])
        if data.get("european_union"):
            chosen |= EUROPEAN_UNION
        if data.get("rest_of_world"):
            if chosen or data.get("postcodes"):
                self.add_error("rest_of_world", "The rest of the world has no countries or postcodes of its own.")
            elif ShippingZone.objects.exclude(pk=self.instance.pk).filter(rest_of_world=True).exists():
                self.add_error("rest_of_world", "Another zone is the rest of the world already.")
        elif not chosen and "countries" not in self.errors:
            self.add_error("countries", "Tick at least one country, or choose the rest of the world.")
        data["countries"] = sorted(chosen)
        self._refuse_overlaps(data)
        return data

    def _refuse_overlaps(self, data: dict[str, Any]) -> None:
        wanted = ShippingZone(
            pk=self.instance.pk,
            countries=data["countries"],
            postcodes=data.get("postcodes") or "",
            rest_of_world=bool(data.get("rest_of_world")),
        )
        if taken := overlaps(wanted):
            texts = [f"{countries.name(code)} is in “{zone}”" for code, zone in sorted(taken.items())]
            self.add_error("countries", f"A country can be in one zone only: {', '.join(texts[:5])}.")


class MethodForm(WagtailAdminModelForm):
    """What every way of delivery has, and what its kind asks for besides."""

    kind = forms.ChoiceField(choices=lambda: [(kind.code, kind.label) for kind in registry.all()])

    class Meta:
        model = DeliveryMethod
        fields = ["zone", "kind", "label", "description", "min_days", "max_days", "cut_off", "position", "active"]
        widgets = {"cut_off": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.behaviour = self._behaviour()
        if self.behaviour is None:
            return
        self.fields["kind"].widget = forms.HiddenInput()
        for name, field in self.behaviour.fields().items():
            field.initial = self.instance.arguments.get(name)
            self.fields[ARGUMENT + name] = field
        arguments = [name for name in self.fields if name.startswith(ARGUMENT)]
        self.order_fields(["zone", "kind", "label", "description", *arguments])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        least, most = data.get("min_days"), data.get("max_days")
        if least is not None and most is None:
            self.add_error("max_days", "Say how many working days it takes at most.")
        elif least is not None and most is not None and least > most:
            self.add_error("max_days", "This is less than “at least”.")
        return data

    def save(self, commit: bool = True) -> Any:
        """The kind's answers go into ``arguments``."""
        if self.behaviour:
            names = self.behaviour.fields()
            self.instance.arguments = {name: self.cleaned_data[ARGUMENT + name] for name in names}
        return super().save(commit=commit)

    def _behaviour(self) -> MethodKind | None:
        """The kind of a stored way never changes: its arguments would mean something else."""
        if self.instance.pk:
            self.fields["kind"].disabled = True
            return self.instance.behaviour
        asked = self.data.get("kind") if self.is_bound else self.initial.get("kind")
        return registry.get(str(asked or ""))
