"""``manage.py worker``: the one background process of a site."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from storefront.schedule import run_due, start_in_background


class Command(BaseCommand):
    help = "Work off queued tasks from every queue and run the periodic commands. Ctrl-C or SIGTERM ends it cleanly."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="Do what is queued and due, then stop.")

    def handle(self, *args: Any, **options: Any) -> None:
        backend = settings.TASKS["default"]["BACKEND"]
        if backend != "django_tasks_db.DatabaseBackend":
            raise CommandError(
                "Nothing is queued for a worker: tasks run at once in the process that asks for them. "
                "Set TASKS=database for the site and for the worker."
            )
        if options["batch"]:
            run_due()
        else:
            start_in_background()
        call_command(
            "db_worker",
            queue_name="*",
            batch=options["batch"],
            reload=False,
            startup_delay=not options["batch"],
            verbosity=options["verbosity"],
        )
