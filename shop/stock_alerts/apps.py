"""App configuration."""

from django.apps import AppConfig


class StockAlertsConfig(AppConfig):
    name = "shop.stock_alerts"
    label = "stock_alerts"
    verbose_name = "back-in-stock letters"

    def ready(self) -> None:
        from shop.accounts import privacy
        from shop.stock_alerts.personal_data import STOCK_ALERTS

        privacy.registry.register(STOCK_ALERTS)
