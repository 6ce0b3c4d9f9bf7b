"""Orders in the admin: a list to find them, a page to see and move them. Nobody adds or deletes one by hand."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from shop.orders.admin import papers
from shop.orders.admin.exports import FORMATS, TABLES, export
from shop.orders.admin.filters import OrderFilterSet
from shop.orders.admin.pages import (
    ActionView,
    LetterView,
    OrderDetailView,
    ReturnView,
    ShipmentUndoView,
    order_admin_url,
)
from shop.orders.models import Carrier, Order, OrderLine
from shop.orders.permissions import may
from shop.orders.postal import country_name
from shop.orders.selectors import search_orders
from shop.orders.statuses import Status

__all__ = ["CarrierViewSet", "OrderViewSet", "order_admin_url"]

# Columns that phones have no room for: what an order is, what it is worth and where it stands come first.
ROOMY = "order-roomy"


def sending_text(order: Order) -> str:
    """How far the sending of an order has come, and what came back: ``2 of 3 sent, 1 returned``."""
    lines = [line for line in order.lines.all() if not line.digital]
    if order.held_at is not None and order.status in (Status.PAID, Status.AWAITING_PAYMENT):
        return "Held"
    sent, back = sum(line.fulfilled for line in lines), sum(line.returned for line in lines)
    done = "ready to collect" if order.is_collected else "sent"
    words = [f"all {done}"] if sent else []
    if order.status == Status.PAID:
        words = [f"{sent} of {sum(line.quantity - line.withdrawn for line in lines)} {done}"]
    return ", ".join([*words, *([f"{back} returned"] if back else [])]).capitalize()


class OrderIndexView(generic.IndexView):
    """The list. The search understands numbers in any spelling, names, addresses and SKUs."""

    any_permission_required = ["view"]
    template_name = "orders/admin/index.html"

    def get_base_queryset(self) -> "QuerySet[Order]":
        lines = OrderLine.objects.only("order", "quantity", "fulfilled", "withdrawn", "returned", "digital", "position")
        return Order.objects.prefetch_related(Prefetch("lines", queryset=lines))

    def search_queryset(self, queryset: "QuerySet[Order]") -> "QuerySet[Order]":
        return search_orders(orders=queryset, query=self.search_query) if self.is_searching else queryset

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.is_export = request.GET.get("export") in FORMATS

    def as_spreadsheet(self, queryset: "QuerySet[Order]", spreadsheet_format: str) -> HttpResponseBase:
        if not may(self.request.user, "export"):
            raise PermissionDenied
        table = TABLES.get(self.request.GET.get("of", ""), TABLES["orders"])
        return export(queryset.prefetch_related(None), table=table, file_format=spreadsheet_format)

    @cached_property
    def show_export_buttons(self) -> bool:
        """Ours are below: there are two tables."""
        return False

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The list as it is filtered, as files."""
        buttons = list(super().header_more_buttons)
        if not may(self.request.user, "export"):
            return buttons
        for position, (name, words) in enumerate((("orders", "orders"), ("order-lines", "lines of orders"))):
            for file_format in FORMATS:
                params = self.request.GET.copy()
                params.update({"export": file_format, "of": name})
                buttons.append(
                    Button(
                        f"Download {words}, {file_format.upper()}",
                        url=f"{self.index_url}?{params.urlencode()}",
                        icon_name="download",
                        priority=90 + position,
                    )
                )
        return buttons


class OrderViewSet(ModelViewSet):
    """Only a list, a page per order and what leads on from it: no adding, editing, copying or deleting."""

    model = Order
    icon = "clipboard-list"
    menu_label = "Orders"
    menu_order = 150
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = OrderIndexView
    index_template_name = OrderIndexView.template_name
    inspect_view_class = OrderDetailView
    inspect_template_name = OrderDetailView.template_name
    filterset_class = OrderFilterSet
    # The list searches by itself (see OrderIndexView); naming a field switches the search box on.
    search_fields = ["number"]
    list_per_page = 50
    list_display = [
        BulkActionsCheckboxColumn("bulk_actions", obj_type="order"),
        TitleColumn(
            "number",
            label="Order",
            sort_key="number",
            get_url=order_admin_url,
            get_title_id=lambda order: f"order_{order.pk}_title",
        ),
        DateColumn("placed_at", label="Placed", sort_key="placed_at", classname=ROOMY),
        Column("name", label="Buyer", sort_key="name"),
        Column(
            "country",
            label="Country",
            accessor=lambda order: country_name(order.country),
            sort_key="country",
            classname=ROOMY,
        ),
        Column("total_text", label="Total", sort_key="total"),
        Column("payment_label", label="Payment", classname=ROOMY),
        Column("sending", label="Sending", accessor=sending_text),
        StatusTagColumn(
            "status",
            label="Status",
            accessor="get_status_display",
            primary=lambda order: order.status in (Status.PAID, Status.AWAITING_PAYMENT),
            sort_key="status",
        ),
    ]
    form_fields: list[str] = []

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        missing = ("add_url_name", "edit_url_name", "delete_url_name", "history_url_name", "usage_url_name")
        return {**common, **dict.fromkeys(missing)}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
            path("<int:pk>/do/<slug:code>/", ActionView.as_view(), name="action"),
            path("<int:pk>/shipments/<int:shipment>/undo/", ShipmentUndoView.as_view(), name="shipment_undo"),
            path("<int:pk>/shipments/<int:shipment>/slip/", papers.SlipView.as_view(), name="shipment_slip"),
            path("<int:pk>/returns/<int:returned>/", ReturnView.as_view(), name="return"),
            path("<int:pk>/letters/<int:letter>/", LetterView.as_view(), name="letter"),
            path("<int:pk>/invoice/", papers.InvoiceView.as_view(), name="invoice"),
            path("<int:pk>/credit-notes/<int:document>/", papers.CreditNoteView.as_view(), name="credit_note"),
            path("<int:pk>/slip/", papers.SlipView.as_view(), name="slip"),
        ]

    @property
    def url_finder_class(self) -> Any:
        finder = super().url_finder_class
        finder.edit_url_name = self.get_url_name("inspect")
        return finder


class CarrierViewSet(ModelViewSet):
    """Who takes parcels, under Settings."""

    model = Carrier
    icon = "site"
    menu_label = "Carriers"
    menu_order = 340
    add_to_settings_menu = True
    copy_view_enabled = False
    form_fields = ["name", "tracking_address"]
    list_display = ["name", "tracking_address"]
    search_fields = ["name"]
