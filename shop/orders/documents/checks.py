"""Says at start-up where documents cannot become PDF."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register

from shop.orders.documents import pdf


@register("documents", deploy=True)
def pdf_is_possible(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Invoices and packing slips are then pages to be printed from the browser."""
    missing = pdf.problem()
    if missing is None:
        return []
    return [
        Warning(
            f"Invoices and packing slips cannot be made into PDF: {missing}",
            hint=f"On Debian and Ubuntu: apt-get install {pdf.PACKAGES}. Until then they are pages to print.",
            id="orders.W001",
        )
    ]
