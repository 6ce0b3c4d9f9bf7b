"""``manage.py check_ledger``: is every unit and every penny where it should be?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.checkout import ledger


class Command(BaseCommand):
    help = "Checks stock, orders and payments against each other. Changes nothing; fails with what is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        found = ledger.violations()
        for violation in found:
            self.stderr.write(str(violation))
        if found:
            raise CommandError(f"{len(found)} violations of {len({violation.rule for violation in found})} rules.")
        self.stdout.write(f"{len(ledger.RULES)} rules hold.")
