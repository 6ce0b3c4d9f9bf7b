"""Encrypt every encrypted column with the first key of ``ADDRESS_ENCRYPTION_KEYS``."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser

from cms.encryption import encrypted_fields
from cms.rotation import BATCH, others, rotate


class Command(BaseCommand):
    help = (
        "Encrypts everything that is encrypted with an older key, or not yet, with the first key of "
        "ADDRESS_ENCRYPTION_KEYS. The shop may run meanwhile. Interrupted, it may simply be started again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows in one transaction (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models(include_auto_created=True):
            if not encrypted_fields(model):
                continue
            changed = sum(count for _, count in rotate(model, batch=max(options["batch"], 1)))
            self._say(str(model._meta.verbose_name_plural), changed)
        for name, changed in others.run():
            self._say(name, changed)

    def _say(self, name: str, changed: int) -> None:
        self.stdout.write(f"{name}: {changed} row{'' if changed == 1 else 's'} encrypted anew")
