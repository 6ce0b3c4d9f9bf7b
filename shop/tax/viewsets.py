"""Classes and rates in the admin. A rate is only ever added; nobody deletes what orders were taxed by."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_countries import countries
from wagtail.admin.ui.tables import BooleanColumn, Column, StatusTagColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from shop.tax.forms import TaxClassForm, TaxRateForm
from shop.tax.missing import warnings
from shop.tax.models import TaxClass, TaxRate


class _CreateRate(CreateView):
    def save_instance(self) -> TaxRate:
        self.form.instance.created_by = self.request.user
        rate: TaxRate = super().save_instance()
        return rate


class _WithWarnings(IndexView):
    """Above the list stands what is sold without tax because a rate is missing."""

    template_name = "tax/admin/rates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(warnings=warnings(), **kwargs)
        return context


class _RateIndexView(_WithWarnings):
    """Each rate with whether a later one has taken its place."""

    def get_base_queryset(self) -> "QuerySet[TaxRate]":
        rates: QuerySet[TaxRate] = super().get_base_queryset()
        same = TaxRate.objects.filter(country=OuterRef("country"), tax_class=OuterRef("tax_class"))
        at_once = Q(valid_from=OuterRef("valid_from"), pk__gt=OuterRef("pk"))
        later = Q(valid_from__gt=OuterRef("valid_from"), valid_from__lte=timezone.now())
        return rates.annotate(replaced=Exists(same.filter(at_once)), over=Exists(same.filter(later)))


def _state(rate: Any) -> str:
    if rate.replaced:
        return "Replaced"
    if rate.valid_from > timezone.now():
        return "Planned"
    return "Over" if rate.over else "Holds now"


class TaxRateViewSet(ModelViewSet):
    """Rates by country and date."""

    model = TaxRate
    icon = "decimal"
    menu_label = "Rates"
    name = "tax_rates"
    url_prefix = "tax/rates"
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["tax_class", "country", "rate", "valid_from", "created_at", "created_by"]
    add_view_class = _CreateRate
    index_view_class = _RateIndexView
    index_template_name = _RateIndexView.template_name
    list_filter = ["country", "tax_class"]
    list_display = [
        Column("country", label="Country", accessor=lambda rate: str(countries.name(rate.country)), sort_key="country"),
        Column("tax_class", label="Class"),
        Column("rate", label="Rate", accessor=lambda rate: f"{rate.rate / 100:g} %"),
        # Not as time since: that of a date to come reads as “just now”.
        Column(
            "valid_from",
            label="Holds from",
            accessor=lambda rate: f"{timezone.localtime(rate.valid_from):%d %b %Y, %H:%M}",
            sort_key="valid_from",
        ),
        StatusTagColumn("state", label="State", accessor=_state, primary=lambda rate: _state(rate) == "Holds now"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[TaxRateForm]:
        return TaxRateForm

    def get_queryset(self, request: Any) -> "QuerySet[TaxRate]":
        return TaxRate.objects.select_related("tax_class")


class TaxClassViewSet(ModelViewSet):
    """Standard, reduced, zero."""

    model = TaxClass
    icon = "tag"
    menu_label = "Classes"
    name = "tax_classes"
    url_prefix = "tax/classes"
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = _WithWarnings
    index_template_name = _WithWarnings.template_name
    list_display = ["name", "code", BooleanColumn("is_default", label="Default")]

    def get_form_class(self, for_update: bool = False) -> type[TaxClassForm]:
        return TaxClassForm


class TaxViewSetGroup(ModelViewSetGroup):
    """Both in one menu."""

    menu_label = "Tax"
    menu_icon = "decimal"
    menu_order = 175
    items = (TaxRateViewSet("tax_rates"), TaxClassViewSet("tax_classes"))
