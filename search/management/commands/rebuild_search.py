"""``manage.py rebuild_search``: see docs/search.md."""

from typing import Any

from django.core.management.base import BaseCommand

from search import services


class Command(BaseCommand):
    help = "Bring the shop's search index up to date: writes what is missing or differs, drops what is gone."

    def handle(self, *args: Any, **options: Any) -> None:
        for section, (documents, written) in services.rebuild().items():
            self.stdout.write(f"{section}: {documents} documents, {written} written")
