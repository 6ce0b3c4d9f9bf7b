"""App configuration."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "shop.payments"
    label = "payments"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from shop.accounts import privacy
        from shop.orders.payment_source import registry
        from shop.payments import checks  # noqa: F401  registers the checks
        from shop.payments.actions import register_actions
        from shop.payments.models import Payment, ProviderEvent, Refund
        from shop.payments.permissions import ReadOnlyPolicy
        from shop.payments.personal_data import PAYMENTS
        from shop.payments.selectors import payment_view

        registry.register(payment_view)
        register_actions()
        privacy.registry.register(PAYMENTS)
        for model in (Payment, ProviderEvent, Refund):
            register_permission_policy(model, ReadOnlyPolicy(model))
