"""Locations in the admin."""

from typing import Any

from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from shop.inventory.forms import LocationForm
from shop.inventory.models import StockLocation


class LocationPermissionPolicy(ModelPermissionPolicy):
    """Nobody deletes a location: the ledger refers to it. It is closed by making it inactive."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - {"delete"})


class LocationViewSet(ModelViewSet):
    """Where units are."""

    model = StockLocation
    icon = "site"
    menu_label = "Locations"
    name = "stock_locations"
    url_prefix = "stock/locations"
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", "code", BooleanColumn("active"), BooleanColumn("is_default", label="Default"), "position"]

    def get_form_class(self, for_update: bool = False) -> type[LocationForm]:
        return LocationForm
