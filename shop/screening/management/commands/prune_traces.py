"""``manage.py prune_traces``: forgets where old orders came from."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.screening import services


class Command(BaseCommand):
    help = "Forget where orders came from that are older than a month; it is kept for counting only."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.prune()} traces forgotten.")
