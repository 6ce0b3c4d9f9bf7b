"""By what orders are found in the admin's list, beside its search."""

import django_filters
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from shop.orders.models import Order, OrderLine, Return
from shop.orders.postal import country_name
from shop.orders.statuses import Status

OPEN_RETURNS = (Return.State.REQUESTED, Return.State.RECEIVED)


def payment_choices() -> list[tuple[str, str]]:
    """The ways to pay that orders have used."""
    used = Order.objects.order_by("payment_method").values("payment_method").annotate(label=Max("payment_label"))
    return [(row["payment_method"], row["label"]) for row in used]


def country_choices() -> list[tuple[str, str]]:
    """The countries that orders went to."""
    codes = Order.objects.order_by("country").values_list("country", flat=True).distinct()
    return sorted(((code, country_name(code)) for code in codes if code), key=lambda choice: choice[1])


def delivery_choices() -> list[tuple[str, str]]:
    """The ways of delivery that orders have used."""
    labels = Order.objects.order_by("shipping_label").values_list("shipping_label", flat=True).distinct()
    return [(label, label) for label in labels if label]


def part_sent() -> Exists:
    """Whether something of an order has left."""
    return Exists(OrderLine.objects.filter(order=OuterRef("pk"), fulfilled__gt=0))


class OrderFilterSet(WagtailFilterSet):
    """By state, what is to be done, way to pay and to be sent, country, and day."""

    status = django_filters.MultipleChoiceFilter(choices=Status.choices, widget=CheckboxSelectMultiple)
    todo = django_filters.ChoiceFilter(
        label="To do",
        method="of_todo",
        choices=[
            ("send", "To be sent"),
            ("rest", "A part is to be sent"),
            ("held", "Held to be looked at"),
            ("return", "Has an open return"),
            ("returned", "Has or had a return"),
        ],
    )
    payment_method = django_filters.MultipleChoiceFilter(
        choices=payment_choices, widget=CheckboxSelectMultiple, label="Payment"
    )
    shipping_label = django_filters.MultipleChoiceFilter(
        choices=delivery_choices, widget=CheckboxSelectMultiple, label="Delivery"
    )
    country = django_filters.MultipleChoiceFilter(choices=country_choices, widget=CheckboxSelectMultiple)
    placed_at = django_filters.DateFromToRangeFilter(label="Placed", widget=DateRangePickerWidget)

    class Meta:
        model = Order
        fields: list[str] = []

    def of_todo(self, orders: "QuerySet[Order]", name: str, value: str) -> "QuerySet[Order]":
        returns = Return.objects.filter(order=OuterRef("pk"))
        match value:
            case "send":
                return orders.filter(status=Status.PAID, held_at=None)
            case "held":
                return orders.filter(held_at__isnull=False, status__in=(Status.AWAITING_PAYMENT, Status.PAID))
            case "rest":
                return orders.filter(part_sent(), status=Status.PAID)
            case "return":
                return orders.filter(Exists(returns.filter(state__in=OPEN_RETURNS)))
            case _:
                return orders.filter(Exists(returns.exclude(state=Return.State.DROPPED)))
