"""App configuration."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "shop.feeds"
    label = "feeds"
