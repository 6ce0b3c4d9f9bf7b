"""``manage.py prune_search_log``: see docs/search.md."""

from typing import Any

from django.core.management.base import BaseCommand

from search import log


class Command(BaseCommand):
    help = f"Forget searches that nobody has made for {log.KEPT_DAYS} days, and the counts of days before."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{log.prune()} rows forgotten.")
