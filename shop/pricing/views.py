"""The history of prices in the admin: nothing can be changed there."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, UserColumn
from wagtail.admin.views.reports import ReportView

from cms.spreadsheets import SafeExportMixin
from shop.catalog.models import ProductPage
from shop.money import format_money, to_decimal
from shop.pricing.models import Price


class PriceFilterSet(WagtailFilterSet):
    """By SKU, and by product for the link from its screen."""

    sku = django_filters.CharFilter(field_name="variant__sku", lookup_expr="icontains", label="SKU")
    product = django_filters.ModelChoiceFilter(
        field_name="variant__product",
        queryset=ProductPage.objects.order_by("title"),
        to_field_name="id",
        label="Product",
    )

    class Meta:
        model = Price
        fields = ["sku", "product"]


class PriceHistoryView(SafeExportMixin, ReportView):
    """Every price that a variant had, has or will have, newest first."""

    model = Price
    any_permission_required = ["view", "add"]
    page_title = "Price history"
    header_icon = "history"
    index_url_name = "pricing_history"
    index_results_url_name = "pricing_history_results"
    filterset_class = PriceFilterSet
    default_ordering = "-valid_from"
    columns = [
        Column("sku", label="SKU", accessor="variant.sku", sort_key="variant__sku"),
        Column("product", label="Product", accessor="variant.product.title"),
        Column("price", label="Price", accessor=lambda price: format_money(price.amount, price.currency)),
        Column(
            "compare_at",
            label="Compare at",
            accessor=lambda price: format_money(price.compare_at, price.currency) if price.compare_at else "",
        ),
        Column(
            "lowest_before",
            label="Lowest of 30 days before",
            accessor=lambda price: (
                "" if price.lowest_before is None else format_money(price.lowest_before, price.currency)
            ),
        ),
        Column(
            "struck",
            label="Struck through",
            accessor=lambda price: format_money(price.struck, price.currency) if price.struck else "",
        ),
        DateColumn("valid_from", label="From", sort_key="valid_from"),
        Column("reason", label="Reason"),
        UserColumn("created_by", label="By", blank_display_name="The system"),
    ]
    list_export = [
        "variant.sku",
        "variant.product.title",
        "amount",
        "compare_at",
        "currency",
        "valid_from",
        "reason",
        "lowest_before",
    ]
    export_headings = {"variant.sku": "SKU", "variant.product.title": "Product", "valid_from": "From"}

    def get_base_queryset(self) -> QuerySet[Price]:
        return Price.objects.select_related("variant__product", "created_by")

    def to_row_dict(self, item: Price) -> dict[str, Any]:
        """Amounts as decimals: a spreadsheet does not know minor units."""
        row: dict[str, Any] = super().to_row_dict(item)
        row["amount"] = to_decimal(item.amount, item.currency)
        for name in ("compare_at", "lowest_before"):
            amount = getattr(item, name)
            row[name] = None if amount is None else to_decimal(amount, item.currency)
        return row

    def get_filename(self) -> str:
        return "price-history"
