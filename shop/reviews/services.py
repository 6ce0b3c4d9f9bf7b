"""Writing reviews: shoppers submit, staff publish, reject and answer."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.catalog import listing
from shop.orders.models import Order
from shop.reviews.models import Review, Status
from shop.reviews.selectors import has_bought


class ReviewRefused(ValueError):
    """A review that may not be; the message is for the person who wrote or moderates it."""


def submit(
    *, product_id: int, stars: int, words: str, name: str, email: str, title: str = "", order: Order | None = None
) -> Review:
    """Store a review that waits for staff.

    With the ``order`` whose signed link its author came by, the buyer is verified if that order has the product. Raises
    ReviewRefused for a second review of the same purchase.
    """
    verified = order is not None and has_bought(order=order, product_id=product_id)
    try:
        with transaction.atomic():
            return Review.objects.create(
                product_id=product_id,
                stars=stars,
                title=title,
                words=words,
                name=name,
                email=email,
                order=order if verified else None,
                verified=verified,
            )
    except IntegrityError as error:
        raise ReviewRefused("You have reviewed this purchase already. Thank you!") from error


@transaction.atomic
def moderate(*, ids: Collection[int], status: str, user: Any, reason: str = "") -> int:
    """Publish or reject reviews, or let them wait; gives how many moved. Raises ReviewRefused without a reason."""
    reason = reason.strip()
    if status == Status.REJECTED and not reason:
        raise ReviewRefused("Say why: whoever looks at it next wants to know.")
    rows = Review.objects.filter(pk__in=ids).exclude(status=status)
    # Locked, so that of two members of staff the later one moves what the earlier one left.
    found = list(rows.select_for_update().order_by("pk").values_list("pk", "product_id"))
    Review.objects.filter(pk__in=[pk for pk, _ in found]).update(
        status=status,
        reason=reason if status == Status.REJECTED else "",
        moderated_at=timezone.now(),
        moderated_by=user,
    )
    _refresh({product_id for _, product_id in found})
    return len(found)


def answer(*, review_id: int, words: str) -> None:
    """Put the shop's answer below a review; empty words take it away."""
    words = words.strip()
    Review.objects.filter(pk=review_id).update(answer=words, answered_at=timezone.now() if words else None)


def _refresh(product_ids: Collection[int]) -> None:
    if product_ids:
        transaction.on_commit(partial(listing.refresh, sorted(product_ids)))
