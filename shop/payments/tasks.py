"""Background work of this room."""

import logging

from django_tasks import task

from shop.payments import refunds
from shop.payments.providers.base import ProviderUnavailable
from shop.payments.statuses import RefundStatus

logger = logging.getLogger(__name__)


@task()
def settle_owed_refund(refund_id: int) -> bool:
    """Have the provider give back what is owed; gives whether it has gone back. The sweeper repeats what fails."""
    try:
        return refunds.settle_refund(refund_id=refund_id).status == RefundStatus.SETTLED
    except ProviderUnavailable:
        logger.warning("Refund left for the sweeper", extra={"refund": refund_id})
        return False
