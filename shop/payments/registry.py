"""The providers that ``settings.PAYMENT_PROVIDERS`` names."""

from copy import copy
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from shop.payments.models import PaymentSettings
from shop.payments.providers.base import PaymentProvider, ProviderUnavailable


class UnknownProvider(ProviderUnavailable):
    """No configured provider has this code, so nobody can be asked about its payments."""


@lru_cache(maxsize=1)
def providers() -> dict[str, PaymentProvider]:
    """All configured providers by code, in the order of the setting. Raises ImproperlyConfigured."""
    found: dict[str, PaymentProvider] = {}
    for path in settings.PAYMENT_PROVIDERS:
        provider = load(path)
        if provider.code in found:
            raise ImproperlyConfigured(f"PAYMENT_PROVIDERS: {path} has the code {provider.code!r} of another provider.")
        found[provider.code] = provider
    return found


def load(path: str) -> PaymentProvider:
    """An instance of the class at a dotted path. Raises ImproperlyConfigured, naming the path and what is wrong."""
    try:
        provider_class = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(f"PAYMENT_PROVIDERS: {path} cannot be imported ({error}).") from error
    if not (isinstance(provider_class, type) and issubclass(provider_class, PaymentProvider)):
        raise ImproperlyConfigured(f"PAYMENT_PROVIDERS: {path} is not a PaymentProvider.")
    try:
        provider: PaymentProvider = provider_class()
    except TypeError as error:
        raise ImproperlyConfigured(f"PAYMENT_PROVIDERS: {path} is incomplete ({error}).") from error
    for name in ("code", "label"):
        if not getattr(provider, name, ""):
            raise ImproperlyConfigured(f"PAYMENT_PROVIDERS: {path} has no {name}.")
    return provider


def provider_for(code: str) -> PaymentProvider:
    """The provider with this code. Raises UnknownProvider."""
    try:
        return providers()[code]
    except KeyError:
        raise UnknownProvider(
            f"No provider {code!r} in PAYMENT_PROVIDERS: put it back while there are payments of it."
        ) from None


def available() -> list[PaymentProvider]:
    """The installed providers that could be offered now."""
    return [provider for provider in providers().values() if provider.is_available()]


def offered() -> list[PaymentProvider]:
    """The providers that a buyer may choose now: those that editors name, in their order and under their names.

    Where they name none, or none that is available, all that are. One query.
    """
    by_code = {provider.code: provider for provider in available()}
    named = []
    for way in PaymentSettings.current().ways:
        provider = by_code.get(way.value.get("provider"))
        if provider:
            # A copy: the provider itself serves all requests.
            shown = copy(provider)
            shown.label = way.value.get("label") or provider.label
            shown.description = way.value.get("description") or provider.description
            named.append(shown)
    return named or list(by_code.values())


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting == "PAYMENT_PROVIDERS":
        providers.cache_clear()


setting_changed.connect(_forget, dispatch_uid="shop.payments.registry")
