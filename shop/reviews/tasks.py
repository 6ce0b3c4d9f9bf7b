"""Background work of this room."""

from django_tasks import task

from shop.reviews import invitations


@task()
def send_invitation(invitation_id: int) -> bool:
    """Send a promised letter; harmless to run again. Gives whether it went out now."""
    return invitations.deliver(invitation_id=invitation_id)
