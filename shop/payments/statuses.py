"""What state a payment is in. States move by rank, never back: news that arrives late or twice changes nothing.

created -> needs_confirmation -> authorised -> captured -> refund_due -> refunded
        \\-> pending ---------------------------/
        \\-> failed | cancelled
"""

from django.db import models


class PaymentStatus(models.TextChoices):
    """Where a payment stands."""

    # Stored before the provider is called: after a crash, what the provider did is not known.
    CREATED = "created", "Started"
    NEEDS_CONFIRMATION = "needs_confirmation", "Waiting for the buyer to confirm"
    # The buyer pays later, for example by bank transfer.
    PENDING = "pending", "Waiting for the money"
    # The bank has promised the money; it is taken next, once that is stored.
    AUTHORISED = "authorised", "Authorised"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    CAPTURED = "captured", "Paid"
    # Money that must go back: its order was cancelled, or was closed before the money came.
    REFUND_DUE = "refund_due", "To be refunded"
    REFUNDED = "refunded", "Refunded"


RANK = {
    PaymentStatus.CREATED: 0,
    PaymentStatus.NEEDS_CONFIRMATION: 1,
    PaymentStatus.PENDING: 1,
    PaymentStatus.AUTHORISED: 2,
    PaymentStatus.FAILED: 3,
    PaymentStatus.CANCELLED: 3,
    PaymentStatus.CAPTURED: 4,
    PaymentStatus.REFUND_DUE: 5,
    PaymentStatus.REFUNDED: 6,
}

# Nothing has been decided yet: the order waits and its stock is reserved.
OPEN = frozenset(
    {PaymentStatus.CREATED, PaymentStatus.NEEDS_CONFIRMATION, PaymentStatus.PENDING, PaymentStatus.AUTHORISED}
)
# The buyer is (or was) on the way through the payment; after a time the sweeper gives up on these.
ABANDONABLE = frozenset({PaymentStatus.CREATED, PaymentStatus.NEEDS_CONFIRMATION})

# What a provider may say of a payment; what becomes of the money after that, refunds tell.
ANSWERS = frozenset(PaymentStatus) - {PaymentStatus.CREATED, PaymentStatus.REFUND_DUE, PaymentStatus.REFUNDED}


def moves_on(source: str, target: str) -> bool:
    """Whether ``target`` is news to a payment in state ``source``."""
    return RANK[PaymentStatus(target)] > RANK[PaymentStatus(source)]


class DisputeStatus(models.TextChoices):
    """Where a buyer's complaint at the bank stands. The last two are final."""

    NEEDS_RESPONSE = "needs_response", "Answer the bank"
    UNDER_REVIEW = "under_review", "The bank decides"
    WON = "won", "Decided for you"
    LOST = "lost", "Decided for the buyer"


DISPUTE_RANK = {
    "": -1,
    DisputeStatus.NEEDS_RESPONSE: 0,
    DisputeStatus.UNDER_REVIEW: 1,
    DisputeStatus.WON: 2,
    DisputeStatus.LOST: 2,
}


class RefundStatus(models.TextChoices):
    """Where a refund stands. The last two are final."""

    # Stored before the provider is called; also while somebody still has to send the money by hand.
    REQUESTED = "requested", "Requested"
    SETTLED = "settled", "Refunded"
    FAILED = "failed", "Failed"
