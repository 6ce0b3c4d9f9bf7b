"""Admin views of the catalogue."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import LogFormatter, log

from shop.catalog.models import ProductPage
from shop.catalog.variant_filter import read_filter
from shop.catalog.variant_grid import Grid
from shop.catalog.variant_table import Refused, VariantTable

LOG_ACTION = "catalog.variants"
# SKUs that a message and the page's history name; of the others they tell how many.
NAMED_MOST = 20
# Columns whose values the script may ask for at once.
CELLS_MOST = 30


class VariantsLogFormatter(LogFormatter):
    """How the page's history tells that something to sell was changed."""

    label = "Change variants, prices or stock"

    def format_message(self, entry: Any) -> str:
        return f"Variants, prices or stock changed: {entry.data.get('named') or ', '.join(entry.data.get('skus', []))}"


def named(skus: Sequence[str]) -> str:
    """SKUs as a person reads them, however many there are."""
    more = len(skus) - NAMED_MOST
    return ", ".join(skus[:NAMED_MOST]) + (f" and {more:,} more" if more > 0 else "")


def log_data(skus: Sequence[str]) -> dict[str, Any]:
    """What the page's history keeps of a change."""
    return {"skus": list(skus[:NAMED_MOST]), **({"named": named(skus)} if len(skus) > NAMED_MOST else {})}


class VariantsView(WagtailAdminTemplateMixin, TemplateView):
    """Variants, prices and stock of a product: a page of its own, and the panel that the page editor swaps by fetch."""

    template_name = "admin/catalog/variants_page.html"
    grid_template = "admin/catalog/variants_grid.html"
    page_title = "Variants, prices and stock"
    header_icon = "tag"
    product: ProductPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # By ``id``, not by the parent link ``pk``: Django answers a number beyond 64 bits for plain integers only.
        self.product = get_object_or_404(ProductPage, id=kwargs["pk"])
        self.may_edit = self.product.permissions_for_user(request.user).can_edit()
        self.chosen = read_filter(request.GET)
        if not self._table().may_change:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._is_fetch and (names := request.GET.getlist("cells")):
            return JsonResponse({"rows": self._table().cells(names[:CELLS_MOST])})
        return self._answer(self._grid(self._table()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stores everything or nothing."""
        with transaction.atomic():
            table = self._table(bound=True)
            changed = self._store(table)
        if changed is None:
            return self._answer(self._grid(table), status=422)
        message = f"Saved: {named(changed)}." if changed else "Nothing was changed."
        if self._is_fetch:
            return self._answer(self._grid(self._table(), message))
        messages.success(request, message)
        return redirect(self.url + self.chosen.query())

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.product.pk])
        return [
            *super().get_breadcrumbs_items(),
            {"url": edit, "label": self.product.title},
            {"url": "", "label": self.page_title, "sublabel": self.product.title},
        ]

    @property
    def url(self) -> str:
        return reverse("catalog_variants", args=[self.product.pk])

    @property
    def _is_fetch(self) -> bool:
        return self.request.headers.get("X-Requested-With") == "XMLHttpRequest"

    def _table(self, *, bound: bool = False) -> VariantTable:
        return VariantTable(
            product=self.product,
            user=self.request.user,
            may_edit=self.may_edit,
            data=self.request.POST if bound else None,
            chosen=self.chosen,
        )

    def _grid(self, table: VariantTable, message: str = "") -> Grid:
        return Grid(table, url=self.url, message=message)

    def _store(self, table: VariantTable) -> list[str] | None:
        """The SKUs that were changed, or None where something may not be stored."""
        if not table.is_valid():
            return None
        try:
            with transaction.atomic():
                changed = table.save()
        except Refused:
            return None
        except IntegrityError:
            table.names.add_error(None, "Somebody else saved at the same moment. Please save again.")
            return None
        if changed:
            log(instance=self.product, action=LOG_ACTION, user=self.request.user, data=log_data(changed))
        return changed

    def _answer(self, grid: Grid, status: int = 200) -> HttpResponse:
        if self._is_fetch:
            return render(self.request, self.grid_template, {"grid": grid}, status=status)
        return self.render_to_response(self.get_context_data(grid=grid), status=status)
