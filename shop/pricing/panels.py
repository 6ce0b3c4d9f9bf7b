"""Panels of the admin's forms."""

from typing import Any

from django.forms import Media
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static


class LinesPanel(Panel):
    """The prices of a proposal: old, new, difference, margin, and what became of each. Nothing can be typed."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/pricing/lines.html"

        @property
        def media(self) -> Media:
            return Media(css={"all": [versioned_static("admin/stock.css")]})

        def get_context_data(self, parent_context: Any = None) -> Any:
            from shop.pricing.comparison import comparison  # reads the models that use this panel

            context = super().get_context_data(parent_context)
            if self.instance.pk:
                context |= comparison(
                    proposal=self.instance, user=self.request.user, page=self.request.GET.get("lines")
                )
            return context
