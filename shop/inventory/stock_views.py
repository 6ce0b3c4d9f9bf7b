"""Stock in the admin: what there is, one SKU, counting a location, what runs low."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from cms.spreadsheets import SafeExportMixin
from shop.catalog.models import Variant
from shop.inventory.forms import CountForm, MoveForm, ReorderForm
from shop.inventory.levels import default_location
from shop.inventory.models import StockItem, StockLevel, StockLocation, StockMovement
from shop.inventory.selectors import SELLABLE, low_items

CHANGE, VIEW = "inventory.add_stockmovement", "inventory.view_stockmovement"
LAST_MOVEMENTS = 20
COUNTED_AT_ONCE = 50

policy = ModelPermissionPolicy(StockMovement)


def with_products(items: "QuerySet[StockItem]") -> "QuerySet[Any]":
    """Stock with the title of the product that it belongs to, if any."""
    title = Variant.objects.filter(sku=OuterRef("sku")).values("product__title")[:1]
    return items.annotate(product_title=Subquery(title))


def find(items: "QuerySet[StockItem]", words: str) -> "QuerySet[StockItem]":
    """Items whose SKU or product contains the words."""
    text = words.replace("\x00", "").strip()
    if not text:
        return items
    skus = Variant.objects.filter(product__title__icontains=text).values("sku")
    return items.filter(Q(sku__icontains=text) | Q(sku__in=skus))


class StockFilterSet(WagtailFilterSet):
    """By SKU or product, state, and what is at a location."""

    q = django_filters.CharFilter(label="SKU or product", method="of_words")
    state = django_filters.ChoiceFilter(
        label="State",
        method="of_state",
        choices=[("low", "Low"), ("out", "Sold out"), ("in", "In stock"), ("uncounted", "Not counted")],
    )
    location = django_filters.ModelChoiceFilter(queryset=StockLocation.objects.all(), method="of_location")

    class Meta:
        model = StockItem
        fields: list[str] = []

    def of_words(self, items: "QuerySet[StockItem]", name: str, value: str) -> "QuerySet[StockItem]":
        return find(items, value)

    def of_state(self, items: "QuerySet[StockItem]", name: str, value: str) -> "QuerySet[StockItem]":
        states = {
            "low": Q(tracked=True, left__lte=F("reorder_point")),
            "out": Q(tracked=True, left__lte=0),
            "in": Q(tracked=False) | Q(left__gt=0),
            "uncounted": Q(tracked=False),
        }
        return items.filter(states[value])

    def of_location(self, items: "QuerySet[StockItem]", name: str, value: StockLocation) -> "QuerySet[StockItem]":
        return items.filter(levels__location=value).exclude(levels__location=value, levels__on_hand=0)


def state_text(item: StockItem) -> str:
    """How things stand, in a word."""
    if not item.tracked:
        return "Not counted"
    if item.sellable <= 0:
        return "Sold out" if item.can_sell <= 0 else "Sold beyond stock" if item.sellable < 0 else "To be ordered"
    return "Low" if item.is_low else "In stock"


class StockView(SafeExportMixin, ReportView):
    """Every SKU with its units. The export has a column per location."""

    model = StockItem
    permission_policy = policy
    any_permission_required = ["view", "add"]
    page_title = "Stock"
    header_icon = "clipboard-list"
    index_url_name = "inventory_stock"
    index_results_url_name = "inventory_stock_results"
    filterset_class = StockFilterSet
    default_ordering = "sku"
    columns = [
        TitleColumn("sku", label="SKU", sort_key="sku", get_url=lambda item: reverse("inventory_item", args=[item.pk])),
        Column("product", label="Product", accessor="product_title"),
        Column("places", label="Where", accessor="places"),
        NumberColumn("on_hand", label="On hand", sort_key="on_hand"),
        NumberColumn("reserved", label="Reserved", sort_key="reserved"),
        NumberColumn("sellable", label="Can be sold", sort_key="left"),
        Column("reorder_point", label="Reorder at", accessor=lambda item: item.reorder_point),
        StatusTagColumn("state", label="State", accessor=state_text, primary=lambda item: item.is_low),
    ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return with_products(StockItem.objects.annotate(left=SELLABLE))

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().order_queryset(queryset).order_by(*self._order(), "pk")

    def _order(self) -> list[str]:
        ordering = self.ordering
        return [ordering] if isinstance(ordering, str) else list(ordering or [self.default_ordering])

    @cached_property
    def places(self) -> dict[int, StockLocation]:
        return {location.pk: location for location in StockLocation.objects.all()}

    def decorate_paginated_queryset(self, object_list: Iterable[Any]) -> list[Any]:
        items = list(object_list)
        found = self._levels([item.pk for item in items])
        for item in items:
            here = [(place, found.get((item.pk, pk), 0)) for pk, place in self.places.items()]
            item.places = ", ".join(f"{place}: {units}" for place, units in here if units)
        return items

    def _levels(self, ids: list[int]) -> dict[tuple[int, int], int]:
        rows = StockLevel.objects.filter(item__in=ids).values_list("item", "location", "on_hand")
        return {(item, location): units for item, location, units in rows}

    # The export

    @property
    def list_export(self) -> list[str]:
        places = [f"at_{pk}" for pk in self.places]
        return ["sku", "product_title", *places, "on_hand", "unavailable", "reserved", "left", "reorder_point", "state"]

    @property
    def export_headings(self) -> dict[str, str]:
        return {
            "sku": "SKU",
            "product_title": "Product",
            "left": "can be sold",
            **{f"at_{pk}": f"at {place.code}" for pk, place in self.places.items()},
        }

    @cached_property
    def _all_levels(self) -> dict[tuple[int, int], int]:
        rows = StockLevel.objects.exclude(on_hand=0).values_list("item", "location", "on_hand")
        return {(item, location): units for item, location, units in rows.iterator()}

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        row = {name: getattr(item, name, None) for name in self.list_export}
        row |= {f"at_{pk}": self._all_levels.get((item.pk, pk), 0) for pk in self.places}
        return row | {"state": state_text(item)}

    def get_filename(self) -> str:
        return "stock"


class LowStockView(StockView):
    """What is to be ordered again, the most urgent first."""

    page_title = "Low stock"
    header_icon = "warning"
    index_url_name = "inventory_low_stock"
    index_results_url_name = "inventory_low_stock_results"
    default_ordering = ""

    def get_base_queryset(self) -> QuerySet[Any]:
        return with_products(low_items())

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def get_filename(self) -> str:
        return "low-stock"


class StockScreen(WagtailAdminTemplateMixin, TemplateView):
    """A page for those who may see stock; posting needs the right to change it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.may_change = request.user.has_perm(CHANGE)
        if not (self.may_change or request.user.has_perm(VIEW)):
            raise PermissionDenied
        if request.method == "POST" and not self.may_change:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        stock = {"url": reverse("inventory_stock"), "label": "Stock"}
        return [*super().get_breadcrumbs_items(), stock, {"url": "", "label": self.get_page_title()}]


class StockItemView(StockScreen):
    """One SKU: where it is, what happened last, and the form for what happened now."""

    template_name = "admin/inventory/item.html"
    header_icon = "clipboard-list"

    def get_page_title(self) -> str:
        return self.item.sku

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.item = get_object_or_404(with_products(StockItem.objects.all()), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "reorder" in request.POST:
            return self._reorder(request)
        form = MoveForm(request.POST, item=self.item)
        if form.is_valid() and form.save(request.user):
            messages.success(request, f"{self.item.sku}: the ledger has it.")
            return redirect(request.path)
        return self.render_to_response(self.get_context_data(move_form=form), status=422)

    def _reorder(self, request: HttpRequest) -> HttpResponse:
        form = ReorderForm(request.POST, item=self.item)
        if form.is_valid() and form.save():
            messages.success(request, f"{self.item.sku}: stored.")
            return redirect(request.path)
        return self.render_to_response(self.get_context_data(reorder_form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = StockItem.objects.get(pk=self.item.pk)
        levels = {level.location_id: level.on_hand for level in item.levels.all()}
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.setdefault("move_form", MoveForm(item=item, initial={"location": default_location()}))
        context.setdefault("reorder_form", ReorderForm(item=item))
        return context | {
            "item": item,
            "title": self.item.product_title,
            "state": state_text(item),
            "levels": [(place, levels.get(place.pk, 0)) for place in StockLocation.objects.all()],
            "movements": item.movements.select_related("location", "created_by")[:LAST_MOVEMENTS],
            "may_change": self.may_change,
        }


class StocktakeView(StockScreen):
    """Counting what is at a location: only numbers that were typed are written, and none over a newer one."""

    template_name = "admin/inventory/stocktake.html"
    page_title = "Stocktake"
    header_icon = "list-ul"

    @cached_property
    def location(self) -> StockLocation:
        chosen = self.request.GET.get("location", "")
        places = StockLocation.objects.all()
        by_key = {str(place.pk): place for place in places}
        return by_key.get(chosen) or default_location()

    @cached_property
    def query(self) -> str:
        return self.request.GET.get("q", "").replace("\x00", "")[:100]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        forms = self._forms(request.POST)
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:200] or "Stocktake"
        valid = [form for form in forms if form.is_valid()]
        done = [form for form in valid if form.save(location=self.location, reason=reason, user=request.user)]
        refused = [form for form in forms if form.errors]
        if done:
            messages.success(request, f"Stored: {', '.join(form.item.sku for form in done)}.")
        if refused:
            messages.error(request, f"Not stored, see below: {', '.join(form.item.sku for form in refused)}.")
            return self.render_to_response(self.get_context_data(forms=self._after(forms), reason=reason), status=422)
        if not done:
            messages.info(request, "Everything is as it was.")
        return redirect(request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            "forms": self._forms(None),
            **context,
            "locations": StockLocation.objects.all(),
            "location": self.location,
            "query": self.query,
            "page_obj": self._page,
            "may_change": self.may_change,
        }

    @cached_property
    def _page(self) -> Any:
        items = with_products(find(StockItem.objects.all(), self.query)).order_by("sku")
        return Paginator(items, COUNTED_AT_ONCE).get_page(self.request.GET.get("p"))

    def _forms(self, data: Any) -> list[CountForm]:
        items = list(self._page)
        rows = StockLevel.objects.filter(location=self.location, item__in=[item.pk for item in items])
        units = dict(rows.values_list("item", "on_hand"))
        forms = [
            CountForm(data, item=item, units=units.get(item.pk, 0), title=item.product_title or "") for item in items
        ]
        # A page that was typed on another list posts other rows: those that are not in it are left alone.
        return [form for form in forms if data is None or form.add_prefix("seen") in data]

    def _after(self, forms: list[CountForm]) -> list[CountForm]:
        """What was refused keeps what was typed, and shows the numbers of now; the rest starts afresh."""
        fresh = {form.item.pk: form for form in self._forms(None)}
        for form in forms:
            if form.errors and form.item.pk in fresh:
                form.units = fresh[form.item.pk].units
                data: Any = dict(form.data.items())
                data[form.add_prefix("seen")] = str(form.units)
                form.data = data
                fresh[form.item.pk] = form
        return list(fresh.values())
