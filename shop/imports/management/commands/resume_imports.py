"""``manage.py resume_imports``: take up imports whose worker died. Run again and again by the scheduler."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from shop.imports.models import ImportRun, WantedPicture
from shop.imports.runs.control import SILENT_MOST
from shop.imports.tasks import fetch_pictures, work_on


class Command(BaseCommand):
    help = "Take up imports whose worker died, and pictures that are still to be had."

    def handle(self, *args: Any, **options: Any) -> None:
        silent = ImportRun.objects.filter(state__in=ImportRun.WORKING, heartbeat__lt=timezone.now() - SILENT_MOST)
        for pk, name in silent.values_list("pk", "file_name"):
            work_on.enqueue(pk)
            if options["verbosity"]:
                self.stdout.write(f"Took up the import of {name}.")
        if WantedPicture.objects.filter(state=WantedPicture.State.WAITING).exists():
            fetch_pictures.enqueue()
