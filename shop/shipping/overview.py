"""The delivery screen in the admin: zones, their ways of delivery, and what is missing."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from django_countries import countries
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.selectors import shop_country, shop_currency
from shop.catalog.models import Variant
from shop.shipping.kinds.base import registry
from shop.shipping.models import ClosedDay, DeliveryMethod, ShippingZone
from shop.shipping.selectors import served_countries

# As many days without parcels as the screen names; the rest is in their own list.
CLOSED_SHOWN = 6
MODELS = ("shippingzone", "deliverymethod", "closedday")
PERMISSIONS = tuple(f"shipping.{action}_{model}" for model in MODELS for action in ("add", "change", "view"))


def may_see(user: Any) -> bool:
    """Whether delivery is any of this user's business."""
    return any(user.has_perm(name) for name in PERMISSIONS)


def zones_with_methods() -> list[ShippingZone]:
    """All zones, each with its ways in the order in which buyers see them."""
    methods = Prefetch("methods", DeliveryMethod.objects.order_by("position", "pk"))
    return list(ShippingZone.objects.prefetch_related(methods))


class DeliveryOverview(WagtailAdminTemplateMixin, TemplateView):
    """Everything about delivery on one page."""

    template_name = "shipping/admin/overview.html"
    page_title = "Delivery"
    header_icon = "redirect"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        zones = zones_with_methods()
        return super().get_context_data(
            zones=[_zone(zone) for zone in zones],
            warnings=warnings(zones),
            kinds=registry.all(),
            add_zone_url=reverse("delivery_zones:add"),
            closed_days=ClosedDay.objects.filter(day__gte=timezone.localdate())[:CLOSED_SHOWN],
            closed_days_url=reverse("closed_days:index"),
            add_closed_day_url=reverse("closed_days:add"),
            **kwargs,
        )


def warnings(zones: list[ShippingZone]) -> list[str]:
    """What keeps buyers from being delivered to, in sentences for staff."""
    said = []
    if not zones:
        said.append("There is no zone yet: nothing that has to be sent can be bought.")
    elif shop_country() not in {code for code, _ in served_countries()}:
        said.append(f"Nothing is delivered within {countries.name(shop_country())}, where the shop is.")
    for zone in zones:
        offered = [method for method in zone.methods.all() if method.active]
        if not offered:
            said.append(f"“{zone}” has no active way of delivery: buyers there cannot order.")
        said += [
            f"“{method}” is of a kind that this shop no longer knows." for method in offered if not method.behaviour
        ]
    if any(method.active and method.kind == "weight" for zone in zones for method in zone.methods.all()):
        light = Variant.objects.filter(active=True, digital=False, weight=None, product__live=True).count()
        if light:
            said.append(f"{light} variant{'s have' if light > 1 else ' has'} no weight and counts as weightless.")
    return said


def _zone(zone: ShippingZone) -> dict[str, Any]:
    names = sorted(str(countries.name(code)) for code in zone.countries)
    return {
        "zone": zone,
        "countries": "All countries that are in no other zone" if zone.rest_of_world else ", ".join(names),
        "postcodes": ", ".join(zone.prefixes),
        "edit_url": reverse("delivery_zones:edit", args=[zone.pk]),
        "methods": [_method(method) for method in zone.methods.all()],
        "add_urls": [
            (kind.label, f"{reverse('delivery_methods:add')}?{urlencode({'zone': zone.pk, 'kind': kind.code})}")
            for kind in registry.all()
        ],
    }


def _method(method: DeliveryMethod) -> dict[str, Any]:
    kind = method.behaviour
    return {
        "method": method,
        "kind": kind.label if kind else method.kind,
        "summary": kind.summary(method.arguments, shop_currency()) if kind else "",
        "place": kind.place(method.arguments) if kind else "",
        "days": _days(method),
        "edit_url": reverse("delivery_methods:edit", args=[method.pk]),
    }


def _days(method: DeliveryMethod) -> str:
    if method.max_days is None:
        return ""
    least = method.max_days if method.min_days is None else method.min_days
    span = f"{least}" if least == method.max_days else f"{least} to {method.max_days}"
    before = f", if ordered before {method.cut_off:%H:%M}" if method.cut_off else ""
    return f"{span} working day{'' if span == '1' else 's'}{before}"
