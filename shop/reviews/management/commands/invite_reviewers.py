"""``manage.py invite_reviewers``: asks buyers for reviews, and sends what a crash has left unsent."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.reviews import invitations


class Command(BaseCommand):
    help = (
        "Asks the buyers of orders that were sent REVIEW_INVITATION_DAYS ago for reviews, and sends the invitations "
        "that a crash or an unreachable mail server has left unsent. Nobody is asked twice for an order."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        invited = invitations.invite_due()
        waiting = invitations.pending()
        sent = sum(invitations.deliver(invitation_id=pk) for pk in waiting)
        self.stdout.write(f"{invited} buyers invited; {sent} of {len(waiting)} waiting letters sent.")
