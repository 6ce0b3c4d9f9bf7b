"""App configuration."""

from django.apps import AppConfig


class StockAlertsConfig(AppConfig):
    name = "shop.stock_alerts"
    label = "stock_alerts"
    verbose_name = "back-in-stock letters"
