"""Payments and refunds in the admin: lists to look things up in. Nobody changes them there."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.urls import URLPattern, path
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from shop.orders.numbers import as_typed
from shop.orders.viewsets import order_admin_url
from shop.payments.models import Payment, ProviderEvent, Refund
from shop.payments.selectors import provider_label
from shop.payments.statuses import OPEN, PaymentStatus, RefundStatus


class MoneyIndexView(generic.IndexView):
    """A list of rows that belong to orders. The search takes an order number or the provider's reference."""

    any_permission_required = ["view"]
    order_field: str

    def get_base_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_base_queryset()
        return rows.select_related(self.order_field)

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:
            return queryset
        query = self.search_query.replace("\x00", "").strip()
        found = Q(reference=query)
        if number := as_typed(query):
            found |= Q(**{f"{self.order_field}__number__startswith": number})
        return queryset.filter(found)

    def get_edit_url(self, instance: Any) -> str | None:
        return None


class PaymentIndexView(MoneyIndexView):
    """All attempts to be paid."""

    order_field = "order"


class RefundIndexView(MoneyIndexView):
    """All refunds."""

    order_field = "payment__order"


class MoneyViewSet(ModelViewSet):
    """Only a list; the rest is on the order's page."""

    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    # The list searches by itself (see MoneyIndexView); naming a field switches the search box on.
    search_fields = ["reference"]
    list_per_page = 50
    form_fields: list[str] = []

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        missing = ("add_url_name", "edit_url_name", "delete_url_name", "history_url_name", "usage_url_name")
        return {**common, **dict.fromkeys(missing)}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]


class PaymentFilterSet(WagtailFilterSet):
    """By state and day."""

    status = django_filters.MultipleChoiceFilter(choices=PaymentStatus.choices, widget=CheckboxSelectMultiple)
    created_at = django_filters.DateFromToRangeFilter(label="Started", widget=DateRangePickerWidget)

    class Meta:
        model = Payment
        fields: list[str] = []


class RefundFilterSet(WagtailFilterSet):
    """By state and day."""

    status = django_filters.MultipleChoiceFilter(choices=RefundStatus.choices, widget=CheckboxSelectMultiple)
    created_at = django_filters.DateFromToRangeFilter(label="Requested", widget=DateRangePickerWidget)

    class Meta:
        model = Refund
        fields: list[str] = []


class PaymentViewSet(MoneyViewSet):
    """What buyers have paid, or tried to."""

    model = Payment
    name = "payment"
    icon = "form"
    menu_label = "Payments"
    menu_order = 10
    index_view_class = PaymentIndexView
    filterset_class = PaymentFilterSet
    list_display = [
        TitleColumn(
            "order",
            label="Order",
            accessor=lambda payment: payment.order.number,
            get_url=lambda payment: order_admin_url(payment.order),
        ),
        DateColumn("created_at", label="Started", sort_key="created_at"),
        Column("provider", label="Way", accessor=lambda payment: provider_label(payment.provider)),
        Column("amount_text", label="Amount", sort_key="amount"),
        Column("refunded_text", label="Refunded", sort_key="refunded"),
        Column("reference", label="Reference"),
        StatusTagColumn(
            "status",
            label="State",
            accessor="get_status_display",
            primary=lambda payment: payment.status in OPEN | {PaymentStatus.REFUND_DUE},
            sort_key="status",
        ),
    ]


class RefundViewSet(MoneyViewSet):
    """What has gone back to buyers, or is to."""

    model = Refund
    name = "refund"
    icon = "rotate"
    menu_label = "Refunds"
    menu_order = 20
    index_view_class = RefundIndexView
    filterset_class = RefundFilterSet
    list_display = [
        TitleColumn(
            "order",
            label="Order",
            accessor=lambda refund: refund.payment.order.number,
            get_url=lambda refund: order_admin_url(refund.payment.order),
        ),
        DateColumn("created_at", label="Requested", sort_key="created_at"),
        Column("amount_text", label="Amount", sort_key="amount"),
        Column("reason", label="Reason"),
        Column("failure", label="What went wrong"),
        StatusTagColumn(
            "status",
            label="State",
            accessor="get_status_display",
            primary=lambda refund: refund.status != RefundStatus.SETTLED,
            sort_key="status",
        ),
    ]


class EventIndexView(MoneyIndexView):
    """All messages of payment companies."""

    page_title = "Messages"
    verbose_name_plural = "messages of payment companies"
    order_field = "payment__order"

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:
            return queryset
        query = self.search_query.replace("\x00", "").strip()
        found = Q(event_id=query) | Q(payment__reference=query) | Q(type__icontains=query)
        if number := as_typed(query):
            found |= Q(payment__order__number__startswith=number)
        return queryset.filter(found)


class EventFilterSet(WagtailFilterSet):
    """By day, and whether a message was about a payment of ours."""

    received_at = django_filters.DateFromToRangeFilter(label="Received", widget=DateRangePickerWidget)
    ours = django_filters.BooleanFilter(
        field_name="payment", lookup_expr="isnull", exclude=True, label="About an order"
    )

    class Meta:
        model = ProviderEvent
        fields: list[str] = []


class EventViewSet(MoneyViewSet):
    """What payment companies have told us by themselves, and what that has changed."""

    model = ProviderEvent
    name = "provider_event"
    icon = "mail"
    menu_label = "Messages"
    menu_order = 30
    index_view_class = EventIndexView
    filterset_class = EventFilterSet
    search_fields = ["event_id"]
    list_display = [
        TitleColumn(
            "order",
            label="Order",
            accessor=lambda event: event.payment.order.number if event.payment else "None of ours",
            get_url=lambda event: order_admin_url(event.payment.order) if event.payment else None,
        ),
        DateColumn("received_at", label="Received", sort_key="received_at"),
        Column("provider", label="From", accessor=lambda event: provider_label(event.provider)),
        Column("type", label="Says", sort_key="type"),
        Column("outcome", label="What it changed"),
        Column("event_id", label="Its own number"),
    ]


class MoneyViewSetGroup(ViewSetGroup):
    """Beside the orders in the menu."""

    menu_label = "Payments"
    menu_icon = "form"
    menu_order = 160
    items = (PaymentViewSet, RefundViewSet, EventViewSet)
