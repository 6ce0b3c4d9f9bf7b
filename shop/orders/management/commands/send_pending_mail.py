"""``manage.py send_pending_mail``: the sweeper of letters."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shop.orders import mail


class Command(BaseCommand):
    help = (
        "Sends the order letters that a crash or an unreachable mail server has left unsent. Run it every few minutes; "
        "a letter that is sent, or being sent, is not sent again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than", type=int, default=60, metavar="SECONDS", help="Leave younger letters to the worker (60)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = mail.pending(older_than=timedelta(seconds=options["older_than"]))
        sent = sum(mail.deliver(mail_id=mail_id) for mail_id in waiting)
        self.stdout.write(f"{sent} of {len(waiting)} waiting letters sent.")
        if given_up := mail.given_up():
            self.stderr.write(f"{given_up} letters were given up after {mail.MAX_ATTEMPTS} attempts: see the orders.")
