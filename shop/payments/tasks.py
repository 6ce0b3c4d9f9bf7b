"""Background work of this room."""

import logging

from django_tasks import task

from shop.payments import services
from shop.payments.providers.base import ProviderUnavailable
from shop.payments.statuses import PaymentStatus

logger = logging.getLogger(__name__)


@task()
def settle_owed_refund(payment_id: int) -> bool:
    """Have the provider give back what is owed; gives whether it has gone back. The sweeper repeats what fails."""
    try:
        return services.settle_refund(payment_id=payment_id).status == PaymentStatus.REFUNDED
    except ProviderUnavailable:
        logger.warning("Refund left for the sweeper", extra={"payment": payment_id})
        return False
