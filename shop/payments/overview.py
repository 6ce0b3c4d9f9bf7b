"""What staff should know of the ways to pay: which buyers are offered now, and what is still missing."""

from dataclasses import dataclass
from typing import Any

from wagtail.admin.panels import Panel


@dataclass(frozen=True, slots=True)
class WayNow:
    """A way to pay as buyers see it now, with what staff should know of it."""

    label: str
    remark: str


def ways_now() -> list[WayNow]:
    """In the order in which buyers see them."""
    from shop.payments.registry import offered  # its providers need the models, which need the panel below

    return [WayNow(provider.label, _remark(provider)) for provider in offered()]


def _remark(provider: Any) -> str:
    if provider.for_testing:
        return "For trying the shop out: no money moves."
    return str(provider.unfinished())


def in_short() -> str:
    """One line for the dashboard."""
    ways = ways_now()
    if not ways:
        return "Nobody can pay: no way to pay is available."
    said = next((f"{way.label}: {way.remark}" for way in ways if way.remark), "")
    return said or f"{', '.join(way.label for way in ways)}."


class WaysNowPanel(Panel):
    """Above the choice: what buyers are offered at this moment."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "payments/admin/ways_now.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            return {**super().get_context_data(parent_context), "ways": ways_now()}
