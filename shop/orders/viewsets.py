"""Orders in the admin: a list to find them, a page to see and move them. Nobody adds or deletes one by hand."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from shop.accounts.models import User
from shop.orders.actions import ActionRefused, registry
from shop.orders.downloads import downloads_of
from shop.orders.forms import ActionForm
from shop.orders.links import order_path
from shop.orders.models import Order
from shop.orders.payment_source import registry as payments
from shop.orders.selectors import search_orders
from shop.orders.statuses import Status


class OrderPermissionPolicy(ModelPermissionPolicy):
    """View and change can be given to groups; adding and deleting to nobody, not even to administrators."""

    NEVER = frozenset({"add", "delete"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.NEVER and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - self.NEVER)


def payment_choices() -> list[tuple[str, str]]:
    """The ways to pay that orders have used."""
    used = Order.objects.order_by("payment_method").values("payment_method").annotate(label=Max("payment_label"))
    return [(row["payment_method"], row["label"]) for row in used]


class OrderFilterSet(WagtailFilterSet):
    """By state, way to pay, and day."""

    status = django_filters.MultipleChoiceFilter(choices=Status.choices, widget=CheckboxSelectMultiple)
    payment_method = django_filters.MultipleChoiceFilter(
        choices=payment_choices, widget=CheckboxSelectMultiple, label="Payment"
    )
    placed_at = django_filters.DateFromToRangeFilter(label="Placed", widget=DateRangePickerWidget)

    class Meta:
        model = Order
        fields: list[str] = []


class OrderIndexView(generic.IndexView):
    """The list. The search understands numbers in any spelling, names, addresses and SKUs."""

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        return search_orders(orders=queryset, query=self.search_query) if self.is_searching else queryset


class OrderDetailView(generic.InspectView):
    """One order with everything known of it, and the form that moves it on."""

    any_permission_required = ["view", "change"]
    template_name = "orders/admin/order_detail.html"
    page_title = "Order"
    form: ActionForm | None = None

    @cached_property
    def actions(self) -> list[Any]:
        """What this member of staff may do with the order now."""
        return registry.possible(self.object) if self.user_has_permission("change") else []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (isinstance(request.user, User) and self.user_has_permission("change")):
            raise PermissionDenied
        self.form = ActionForm(request.POST, order=self.object, actions=self.actions)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            message = registry.run(
                self.form.cleaned_data["action"],
                order=self.object,
                actor=request.user,
                note=self.form.cleaned_data["note"],
            )
        except ActionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, message)
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        payment = payments.payment_of(self.object)
        context: dict[str, Any] = super().get_context_data(
            order=self.object,
            lines=self.object.lines.prefetch_related("components"),
            events=self.object.events.select_related("actor"),
            letters=self.object.mails.all(),
            downloads=downloads_of(order=self.object),
            payment=payment,
            buyer_url=order_path(order=self.object),
            form=self.form or ActionForm(order=self.object, actions=self.actions),
            actions=self.actions,
            **kwargs,
        )
        return context

    def get_page_subtitle(self) -> str:
        return str(self.object.number)

    def get_fields(self) -> list[str]:
        """The page shows them itself."""
        return []


class OrderViewSet(ModelViewSet):
    """Only a list and a page per order: there are no addresses for adding, editing, copying or deleting."""

    model = Order
    icon = "clipboard-list"
    menu_label = "Orders"
    menu_order = 150
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = OrderIndexView
    inspect_view_class = OrderDetailView
    inspect_template_name = OrderDetailView.template_name
    filterset_class = OrderFilterSet
    # The list searches by itself (see OrderIndexView); naming a field switches the search box on.
    search_fields = ["number"]
    list_per_page = 50
    list_display = [
        "number",
        DateColumn("placed_at", label="Placed", sort_key="placed_at"),
        Column("name", label="Buyer", sort_key="name"),
        Column("total_text", label="Total", sort_key="total"),
        Column("payment_label", label="Payment"),
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
        ]

    @property
    def url_finder_class(self) -> Any:
        finder = super().url_finder_class
        finder.edit_url_name = self.get_url_name("inspect")
        return finder


def order_admin_url(order: Order) -> str:
    """Address of the order's page in the admin."""
    return reverse("order:inspect", args=[order.pk])
