"""The dashboard's word on orders."""

from typing import Any

from django.urls import reverse
from wagtail.admin.site_summary import SummaryItem
from wagtail.permissions import policy_registry

from shop.orders.models import Order
from shop.orders.selectors import orders_held, orders_to_fulfil


class OrdersToFulfil(SummaryItem):
    """How many paid orders wait to be sent, with the way to them."""

    order = 90
    template_name = "orders/admin/summary.html"

    def is_shown(self) -> bool:
        policy = policy_registry.get_by_type(Order)
        return bool(policy.user_has_any_permission(self.request.user, {"view"}))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "waiting": orders_to_fulfil(),
            "url": f"{reverse('order:index')}?todo=send",
            "held": orders_held(),
            "held_url": f"{reverse('order:index')}?todo=held",
        }
