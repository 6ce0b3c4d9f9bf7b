"""Background work of this room."""

from django_tasks import task

from shop.orders import mail


@task()
def send_order_mail(mail_id: int) -> bool:
    """Send a promised letter; harmless to run again. Gives whether it went out now."""
    return mail.deliver(mail_id=mail_id)
