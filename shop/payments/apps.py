"""App configuration."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "shop.payments"
    label = "payments"

    def ready(self) -> None:
        from shop.orders.payment_source import registry
        from shop.payments import checks, selectors

        assert checks  # noqa: S101  imported for its registration
        registry.register(selectors.payment_view)
