"""Snippets of the catalogue in the admin."""

from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalog.models import Brand


class BrandViewSet(SnippetViewSet):
    """The makers of products."""

    model = Brand
    icon = "crosshairs"
    menu_label = "Brands"
    menu_name = "brands"
    menu_order = 220
    add_to_admin_menu = True
    list_display = ["name", "website", "status_string", "last_published_at"]
    search_fields = ["name"]
