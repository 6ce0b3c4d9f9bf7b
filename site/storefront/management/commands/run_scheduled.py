"""``manage.py run_scheduled``: for cron, or on its own as a small process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from storefront.schedule import run_due, run_forever


class Command(BaseCommand):
    help = "Run the periodic commands that are due: scheduled publishing, clearing out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forever", action="store_true", help="Keep running instead of looking once.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["forever"]:
            try:
                run_forever()
            except KeyboardInterrupt:
                return
        for command in run_due():
            self.stdout.write(f"Ran {command}")
