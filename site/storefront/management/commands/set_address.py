"""``manage.py set_address https://shop.example``: what the site calls itself in links, mails and the sitemap."""

from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Site

DEFAULT_PORTS = {"http": 80, "https": 443}


class Command(BaseCommand):
    help = "Set the address of the default site. Canonical links, the sitemap and mails use it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="As https://shop.example or http://localhost:8123")

    def handle(self, *args: Any, **options: Any) -> None:
        address = urlsplit(options["url"])
        try:
            port = address.port or DEFAULT_PORTS[address.scheme]
        except (KeyError, ValueError):
            raise CommandError(f"{options['url']!r} is not an address that starts with http:// or https://.") from None
        if not address.hostname or address.path.strip("/"):
            raise CommandError(f"{options['url']!r} is not an address without a path.")
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            raise CommandError("There is no default site yet: load the demo, or make one under Settings > Sites.")
        if (site.hostname, site.port) != (address.hostname, port):
            site.hostname, site.port = address.hostname, port
            site.save()
            self.stdout.write(f"The site's address is {site.root_url}")
