"""The stock ledger in the admin: nothing can be changed there."""

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import CheckboxSelectMultiple
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, UserColumn
from wagtail.admin.views.reports import ReportView

from cms.spreadsheets import SafeExportMixin
from shop.catalog.models import ProductPage, Variant
from shop.inventory.models import StockLocation, StockMovement


class LedgerFilterSet(WagtailFilterSet):
    """By SKU, kind and order, and by product for the link from its screen."""

    sku = django_filters.CharFilter(field_name="item__sku", lookup_expr="icontains", label="SKU")
    product = django_filters.ModelChoiceFilter(
        queryset=ProductPage.objects.order_by("title"), to_field_name="id", label="Product", method="of_product"
    )
    kind = django_filters.MultipleChoiceFilter(choices=StockMovement.Kind.choices, widget=CheckboxSelectMultiple)
    location = django_filters.ModelChoiceFilter(queryset=StockLocation.objects.all())
    created_at = django_filters.DateFromToRangeFilter(label="When", widget=DateRangePickerWidget)
    reason = django_filters.CharFilter(lookup_expr="icontains", label="Reason contains")
    reference = django_filters.CharFilter(lookup_expr="iexact", label="Order")

    class Meta:
        model = StockMovement
        fields = ["sku", "product", "kind", "location", "created_at", "reference", "reason"]

    def of_product(
        self, movements: "QuerySet[StockMovement]", name: str, product: ProductPage
    ) -> "QuerySet[StockMovement]":
        """The ledger knows SKUs only."""
        return movements.filter(item__sku__in=product.variants.values("sku"))


class LedgerView(SafeExportMixin, ReportView):
    """Every movement of stock, newest first."""

    model = StockMovement
    any_permission_required = ["view", "add"]
    page_title = "Stock ledger"
    header_icon = "list-ul"
    index_url_name = "inventory_ledger"
    index_results_url_name = "inventory_ledger_results"
    filterset_class = LedgerFilterSet
    default_ordering = "-pk"
    columns = [
        Column("sku", label="SKU", accessor="item.sku", sort_key="item__sku"),
        Column("product", label="Product", accessor="product_title"),
        Column("kind", label="Kind", accessor="get_kind_display"),
        Column("location", label="Where", accessor="location.name"),
        NumberColumn("quantity", label="Units", accessor=lambda movement: f"{movement.quantity:+d}"),
        Column("reference", label="Order"),
        Column("reason", label="Reason"),
        DateColumn("created_at", label="When", sort_key="created_at"),
        UserColumn("created_by", label="By", blank_display_name="The system"),
    ]
    list_export = [
        "item.sku",
        "product_title",
        "kind",
        "quantity",
        "location.code",
        "reference",
        "reason",
        "created_at",
    ]
    export_headings = {"item.sku": "SKU", "product_title": "Product", "location.code": "Where", "created_at": "When"}

    def get_base_queryset(self) -> QuerySet[StockMovement]:
        title = Variant.objects.filter(sku=OuterRef("item__sku")).values("product__title")[:1]
        return StockMovement.objects.select_related("item", "location", "created_by").annotate(
            product_title=Subquery(title)
        )

    def get_filename(self) -> str:
        return "stock-ledger"
