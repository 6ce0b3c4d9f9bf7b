"""All products of the shop in one list of the admin, wherever in the tree they stand."""

from typing import Any, TypeAlias

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView, PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet

from shop.catalog.models import Brand, ListingRow, ProductPage
from shop.money import format_money

Products: TypeAlias = "QuerySet[ProductPage]"


class ProductFilterSet(PageFilterSet):
    """Beside what Wagtail offers for every page: by SKU, brand and stock."""

    sku = django_filters.CharFilter(label="SKU", method="by_sku")
    brand = django_filters.ModelChoiceFilter(queryset=Brand.objects.order_by("name"), label="Brand", method="by_brand")
    available = django_filters.BooleanFilter(label="Can be bought", method="by_availability")
    # Of Wagtail's own: a product has no children, and these fail for numbers beyond 64 bits.
    has_child_pages = site = owner = edited_by = None

    class Meta:
        model = ProductPage
        fields: list[str] = []

    def by_sku(self, products: Products, name: str, sku: str) -> Products:
        """A part of it is enough."""
        return _narrowed(products, variants__sku__icontains=sku)

    def by_brand(self, products: Products, name: str, brand: Brand) -> Products:
        return _narrowed(products, brand=brand)

    def by_availability(self, products: Products, name: str, available: bool) -> Products:
        return _narrowed(products, listing__available=available)


def _narrowed(products: Products, **lookups: Any) -> Products:
    """By id: Wagtail's search takes no filter on a field that is not in its index."""
    return products.filter(pk__in=ProductPage.objects.filter(**lookups).values("pk"))


class ProductIndexView(IndexView):
    """Two queries more than Wagtail's own list, however many products it shows."""

    def get_base_queryset(self) -> Products:
        products: Products = super().get_base_queryset()
        return products.prefetch_related("listing", "brand")

    def get_valid_orderings(self) -> list[str]:
        """Wagtail's search orders by what is in its index only."""
        orderings: list[str] = super().get_valid_orderings()
        return [each for each in orderings if "__" not in each] if self.is_searching else orderings


def price(product: ProductPage) -> str:
    """As a card says it; empty without one."""
    row = _row(product)
    if row is None or row.price is None:
        return ""
    amount = format_money(row.price, row.currency)
    return amount if row.price == row.price_highest else f"from {amount}"


def stock(product: ProductPage) -> str:
    """Whether it can be bought."""
    row = _row(product)
    if row is None or not row.available:
        return "Sold out" if row and row.price is not None else "No price"
    return "Low" if row.low_stock else "In stock"


def _row(product: ProductPage) -> ListingRow | None:
    return getattr(product, "listing", None)


class ProductsMenuItem(MenuItem):
    """For those who have pages to work on."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(user_has_any_page_permission(request.user))


class ProductListing(PageListingViewSet):
    """Where an editor who looks for a product, or wants to add one, begins."""

    name = "products"
    url_prefix = "products"
    model = ProductPage
    index_view_class = ProductIndexView
    filterset_class = ProductFilterSet
    icon = "tag"
    menu_label = "Products"
    menu_item_class = ProductsMenuItem
    menu_order = 210
    add_to_admin_menu = True
    columns = [
        *IndexView.base_columns[:2],  # the box for bulk actions, and the title
        Column("brand", label="Brand", sort_key="brand__name"),
        Column("price", label="Price", accessor=price, sort_key="listing__price"),
        Column("stock", label="Stock", accessor=stock, sort_key="listing__available"),
        *IndexView.base_columns[2:],
    ]


products = ProductListing()
