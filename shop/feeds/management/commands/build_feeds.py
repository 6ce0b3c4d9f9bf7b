"""``manage.py build_feeds``: the files that shopping services fetch."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.feeds import services


class Command(BaseCommand):
    help = "Write the product feed for Google Merchant Center (/feeds/google.xml) anew."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            feed = services.build_google()
        except services.NoSite as problem:
            raise CommandError(str(problem)) from problem
        left_out = f"; {feed.left_out} left out (no price above 0, or a SKU of more than 50 characters)"
        self.stdout.write(f"{feed.path}: {feed.items} items{left_out if feed.left_out else ''}")
