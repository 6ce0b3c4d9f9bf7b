"""What a collection's rule finds now, beside the rule."""

from typing import Any

from wagtail.admin.panels import Panel

NAMED_MOST = 12


class CollectionPreviewPanel(Panel):
    """The products of the saved draft as of now. The page's own preview shows what is being typed."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/catalog/collection_preview.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            from shop.catalog.collections import find_ids  # reads the models that use this panel
            from shop.catalog.selectors import cards

            context = super().get_context_data(parent_context)
            if not self.instance.pk:
                return context
            ids = find_ids(self.instance)
            return {**context, "saved": True, "count": len(ids), "cards": cards(ids[:NAMED_MOST])}
