"""Background work of this room."""

from django_tasks import task

from shop.feeds import services


@task()
def build_google_feed() -> int:
    """Make the file for Google Merchant Center; gives the number of its items."""
    return services.build_google().items
