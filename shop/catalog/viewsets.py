"""Snippets of the catalogue in the admin."""

from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from shop.catalog.models import Attribute, Brand, ProductType


class BrandViewSet(SnippetViewSet):
    """The makers of products."""

    model = Brand
    icon = "crosshairs"
    menu_label = "Brands"
    menu_name = "brands"
    menu_order = 220
    add_to_admin_menu = True
    list_display = ["name", "website", LiveStatusTagColumn(), "last_published_at"]
    search_fields = ["name"]


class ProductTypeViewSet(SnippetViewSet):
    """Which attributes each kind of product has."""

    model = ProductType
    icon = "folder-open-inverse"
    menu_label = "Product types"
    menu_name = "product-types"
    list_display = ["name", "attribute_names"]
    search_fields = ["name"]


class AttributeViewSet(SnippetViewSet):
    """The typed facts that products may have."""

    model = Attribute
    icon = "list-ul"
    menu_label = "Attributes"
    menu_name = "attributes"
    list_display = ["name", "code", "kind", "filterable", "searchable", "in_facts"]
    list_filter = ["kind", "filterable", "searchable"]
    search_fields = ["name", "code"]


class ProductDataViewSetGroup(SnippetViewSetGroup):
    """What products are made of."""

    items = (ProductTypeViewSet, AttributeViewSet)
    menu_icon = "list-ul"
    menu_label = "Product data"
    menu_name = "product-data"
    menu_order = 225
