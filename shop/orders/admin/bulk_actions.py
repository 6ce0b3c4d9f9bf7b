"""What can be done with many orders at once, from their list."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from shop.orders import fulfilment
from shop.orders.action_forms import note_field
from shop.orders.admin.filters import OrderFilterSet
from shop.orders.admin.pages import order_admin_url
from shop.orders.documents.content import render_slips
from shop.orders.documents.responses import document_response
from shop.orders.downloads import STANDING
from shop.orders.models import Order
from shop.orders.permissions import may
from shop.orders.selectors import search_orders
from shop.orders.statuses import FULFIL, OrderRefused

# More would keep the browser waiting: the rest is done in a second go. A page of PDF takes about a fifth of a second.
MOST_AT_ONCE = 200
MOST_SLIPS = 60


class OrderBulkAction(BulkAction):
    """For those who have ``right``. Orders that it is not possible for are named and left alone."""

    models = [Order]
    template_name = "orders/admin/bulk.html"
    right = "fulfil"
    most = MOST_AT_ONCE
    explanation = ""
    not_possible = ""

    def is_possible(self, order: Order) -> bool:
        """Whether the order is in a state for it."""
        raise NotImplementedError

    def check_perm(self, obj: Order) -> bool:
        return may(self.request.user, self.right) and self.is_possible(obj)

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> list[Order]:
        ids = [int(pk) for pk in object_ids if str(pk).isdecimal() and len(str(pk)) < 19]
        return list(Order.objects.filter(pk__in=ids[: cls.most]).order_by("placed_at", "pk").prefetch_related("lines"))

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        """“All in the listing”: of what its filters and its search find, those that have waited longest to be sent."""
        waiting = Order.objects.filter(status__in=FULFIL.sources, held_at=None)
        filters = OrderFilterSet(self.request.GET, queryset=waiting, request=self.request)
        found = filters.qs if filters.is_valid() else waiting.none()
        if query := self.request.GET.get("q", "").strip():
            found = search_orders(orders=found, query=query)
        return found.order_by("placed_at", "pk").values_list("pk", flat=True)[: self.most]

    def object_context(self, obj: Order) -> dict[str, Any]:
        return {"item": obj, "edit_url": order_admin_url(obj)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # What was shown is what is done: an order that comes in meanwhile is not among “all”.
        shown = [("id", each["item"].pk) for each in context["items"]]
        context["submit_url"] = f"{self.request.path}?{urlencode([*shown, ('next', self.next_url)])}"
        words = {"verb": self.display_name, "explanation": self.explanation, "not_possible": self.not_possible}
        return {**context, **words, "most": self.most, "may": may(self.request.user, self.right)}

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "action": self}


class MarkSentForm(forms.Form):
    """What is said once for all of them."""

    tell = forms.BooleanField(label="Write to the buyers", required=False, initial=True)
    note = note_field()


class MarkSent(OrderBulkAction):
    display_name = "Mark as sent"
    action_type = "mark_sent"
    aria_label = "Mark the selected orders as sent"
    action_priority = 10
    form_class = MarkSentForm
    explanation = "Everything that is left of these orders has gone, each in one parcel without a tracking number."
    not_possible = "These have nothing to be sent or are held, and are left alone:"

    def is_possible(self, order: Order) -> bool:
        return order.status in FULFIL.sources and order.held_at is None

    @cached_property
    def refusals(self) -> list[str]:
        """Why some were not marked after all."""
        return []

    @classmethod
    def execute_action(cls, objects: list[Order], **kwargs: Any) -> tuple[int, int]:
        action: MarkSent = kwargs["action"]
        data = action.cleaned_form.cleaned_data
        done = 0
        for order in objects:
            try:
                with transaction.atomic():
                    fulfilment.send(order_id=order.pk, actor=action.request.user, note=data["note"], tell=data["tell"])
                done += 1
            except OrderRefused as refused:
                action.refusals.append(str(refused))
        return done, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        for refusal in self.refusals:
            messages.error(self.request, refusal)
        if not num_parent_objects:
            return None
        return f"{num_parent_objects} order{'' if num_parent_objects == 1 else 's'} marked as sent."


class PrintSlips(OrderBulkAction):
    display_name = "Print packing slips"
    action_type = "print_slips"
    aria_label = "Print packing slips of the selected orders"
    action_priority = 20
    explanation = "One document with a page for each order, of what is left to be sent."
    not_possible = "These have nothing to be packed, and get no slip:"
    most = MOST_SLIPS

    def is_possible(self, order: Order) -> bool:
        return order.status in STANDING and order.needs_delivery

    def prepare_action(self, objects: list[Order], objects_without_access: Any) -> HttpResponse | None:
        if not objects:
            return None
        return document_response(self.request, html=render_slips(objects), name="packing-slips")

    @classmethod
    def execute_action(cls, objects: list[Order], **kwargs: Any) -> tuple[int, int]:
        return 0, 0
