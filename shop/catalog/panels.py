"""Panels of the page editor."""

from typing import Any

from django.forms import Media
from django.urls import reverse
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static


class VariantsPanel(Panel):
    """Variants with prices and stock beside the page's copy, on the same screen but not in its form.

    What it shows is no content: it belongs to no draft, and saving it leaves the page's form (and Wagtail's autosave)
    alone. See ``variant_grid.FORM_ID``.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", "Variants, prices and stock")
        kwargs.setdefault("icon", "tag")
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/catalog/variants_panel.html"

        @property
        def media(self) -> Media:
            return Media(
                css={"all": [versioned_static("admin/variants.css")]},
                js=[versioned_static("admin/variants-cells.js"), versioned_static("admin/variants.js")],
            )

        def get_context_data(self, parent_context: Any = None) -> Any:
            from shop.catalog.variant_grid import Grid  # reads the models that use this panel
            from shop.catalog.variant_table import VariantTable

            context = super().get_context_data(parent_context)
            if self.instance.pk:
                table = VariantTable(product=self.instance, user=self.request.user, may_edit=True)
                context["grid"] = Grid(table, url=reverse("catalog_variants", args=[self.instance.pk]))
            return context
