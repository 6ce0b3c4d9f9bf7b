"""Classes and rates in the admin. A rate is only ever added; nobody deletes what orders were taxed by."""

from typing import Any

from django.db.models import QuerySet
from django_countries import countries
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.generic import CreateView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from shop.tax.forms import TaxClassForm, TaxRateForm
from shop.tax.models import TaxClass, TaxRate


class _CreateRate(CreateView):
    def save_instance(self) -> TaxRate:
        self.form.instance.created_by = self.request.user
        rate: TaxRate = super().save_instance()
        return rate


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
    list_filter = ["country", "tax_class"]
    list_display = [
        Column("country", label="Country", accessor=lambda rate: str(countries.name(rate.country)), sort_key="country"),
        Column("tax_class", label="Class"),
        Column("rate", label="Rate", accessor=lambda rate: f"{rate.rate / 100:g} %"),
        DateColumn("valid_from", label="Holds from", sort_key="valid_from"),
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
    list_display = ["name", "code", BooleanColumn("is_default", label="Default")]

    def get_form_class(self, for_update: bool = False) -> type[TaxClassForm]:
        return TaxClassForm


class TaxViewSetGroup(ModelViewSetGroup):
    """Both in one menu."""

    menu_label = "Tax"
    menu_icon = "decimal"
    menu_order = 175
    items = (TaxRateViewSet("tax_rates"), TaxClassViewSet("tax_classes"))
