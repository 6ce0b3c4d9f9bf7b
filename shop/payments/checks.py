"""Checks at start: a shop that cannot take money should say so before a buyer finds out."""

import re
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from shop.payments import registry

_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")


@checks.register("payments")
def check_providers(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every provider can be loaded, has a proper code, and is content with its own settings."""
    registry.providers.cache_clear()
    try:
        providers = registry.providers()
    except ImproperlyConfigured as error:
        return [
            checks.Error(
                str(error),
                hint="Name importable subclasses of shop.payments.providers.base.PaymentProvider, each with its code.",
                id="payments.E001",
            )
        ]
    found: list[checks.CheckMessage] = []
    if not providers:
        found.append(
            checks.Error(
                "PAYMENT_PROVIDERS is empty: nobody can pay.",
                hint="Name at least one, for example shop.payments.providers.invoice.InvoiceProvider.",
                id="payments.E002",
            )
        )
    for provider in providers.values():
        if not _CODE.fullmatch(provider.code):
            found.append(
                checks.Error(
                    f"The payment provider code {provider.code!r} is not lower-case letters, digits and underscores "
                    "(30 at most).",
                    id="payments.E003",
                )
            )
        found += provider.check()
    return found
