"""In the admin: what people wait for."""

from typing import Any

from django.db.models import QuerySet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from cms.spreadsheets import SafeExportMixin
from shop.inventory.models import StockMovement
from shop.stock_alerts.models import StockAlert
from shop.stock_alerts.selectors import wanted


class WantedView(SafeExportMixin, ReportView):
    """SKUs by how many people wait for them: a hint what to order first. No address is shown."""

    model = StockAlert
    permission_policy = ModelPermissionPolicy(StockMovement)
    any_permission_required = ["view", "add"]
    page_title = "Waited for"
    header_icon = "mail"
    index_url_name = "stock_alerts_wanted"
    index_results_url_name = "stock_alerts_wanted_results"
    default_ordering = "-waiting"
    list_export = ["sku", "title", "waiting", "since"]
    export_headings = {"sku": "SKU", "title": "Product", "waiting": "People who wait", "since": "Since"}
    columns = [
        Column("sku", label="SKU", accessor=lambda row: row["sku"], sort_key="sku"),
        Column("title", label="Product", accessor=lambda row: row["title"]),
        Column("waiting", label="People who wait", accessor=lambda row: row["waiting"], sort_key="waiting"),
        DateColumn("since", label="Since", accessor=lambda row: row["since"], sort_key="since"),
    ]

    def get_base_queryset(self) -> "QuerySet[Any]":
        return wanted()
