"""What the page editor says of bundles and downloads."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

# Of a product with very many variants the editor names the first; the page behind the button knows all.
NAMED_MOST = 20


class ContentsPanel(Panel):
    """Which variants are bundles or downloads, and the way to change it. No content: it belongs to no draft."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", "Bundle and downloads")
        kwargs.setdefault("icon", "download")
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/catalog/contents_panel.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            from shop.catalog.bundles import parts_of  # reads the models that use this panel
            from shop.catalog.models import Variant

            context = super().get_context_data(parent_context)
            if not self.instance.pk:
                return context
            variants = Variant.objects.filter(product=self.instance.pk)
            named = {each.pk: each for each in variants.filter(components__isnull=False).distinct()[:NAMED_MOST]}
            parts = parts_of(named) if named else {}
            return {
                **context,
                "contents_url": reverse("catalog_contents", args=[self.instance.pk]),
                "bundles": {variant.sku: parts[pk] for pk, variant in named.items()},
                "downloads": list(variants.filter(digital=True)[:NAMED_MOST]),
            }
