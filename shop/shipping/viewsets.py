"""Adding and changing zones and ways of delivery. The list of both is the delivery screen."""

from typing import Any

from django.urls import reverse
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import CreateView, DeleteView, EditView
from wagtail.admin.viewsets.model import ModelViewSet

from shop.shipping.forms import MethodForm, ZoneForm
from shop.shipping.models import ClosedDay, DeliveryMethod, ShippingZone


class _BackToOverview:
    def get_success_url(self) -> str:
        return reverse("delivery_overview")


class _Create(_BackToOverview, CreateView):
    pass


class _CreateMethod(_Create):
    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        # Only what can be a zone's number: anything else would not find one.
        zone = self.request.GET.get("zone", "")
        if zone.isdecimal() and len(zone) < 18:
            initial["zone"] = int(zone)
        return initial | {"kind": self.request.GET.get("kind", "")}


class _Edit(_BackToOverview, EditView):
    pass


class _Delete(_BackToOverview, DeleteView):
    pass


class _DeliveryViewSet(ModelViewSet):
    icon = "redirect"
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = _Create
    edit_view_class = _Edit
    delete_view_class = _Delete


class ZoneViewSet(_DeliveryViewSet):
    """Countries that are delivered to in the same ways."""

    model = ShippingZone
    menu_label = "Zones"
    name = "delivery_zones"
    url_prefix = "delivery/zones"
    list_display = ["name", BooleanColumn("rest_of_world", label="Rest of the world"), "position"]

    def get_form_class(self, for_update: bool = False) -> type[ZoneForm]:
        return ZoneForm


class MethodViewSet(_DeliveryViewSet):
    """Ways of delivery."""

    model = DeliveryMethod
    menu_label = "Ways of delivery"
    name = "delivery_methods"
    url_prefix = "delivery/methods"
    add_view_class = _CreateMethod
    list_display = ["label", Column("zone", label="Zone"), BooleanColumn("active"), "position"]

    def get_form_class(self, for_update: bool = False) -> type[MethodForm]:
        return MethodForm


class ClosedDayViewSet(ModelViewSet):
    """Days without parcels: their own list, as old ones are of no interest on the delivery screen."""

    model = ClosedDay
    menu_label = "Days without parcels"
    name = "closed_days"
    url_prefix = "delivery/closed-days"
    icon = "date"
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["day", "name"]
    form_fields = ["day", "name"]
    ordering = "-day"
