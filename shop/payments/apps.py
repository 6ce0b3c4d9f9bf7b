"""App configuration."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "shop.payments"
    label = "payments"

    def ready(self) -> None:
        from shop.orders.payment_source import registry
        from shop.payments import checks  # noqa: F401  registers the checks
        from shop.payments.actions import register_actions
        from shop.payments.selectors import payment_view

        registry.register(payment_view)
        register_actions()
