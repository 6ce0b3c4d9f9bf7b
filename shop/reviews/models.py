"""What buyers say of products."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import Truncator

STARS_LEAST, STARS_MOST = 1, 5
TITLE_MOST, WORDS_MOST, NAME_MOST, ANSWER_MOST, REASON_MOST = 120, 4_000, 60, 2_000, 500


class Status(models.TextChoices):
    """Whether shoppers see it. Only staff move a review; see ``services.py``."""

    PENDING = "pending", "Waiting"
    APPROVED = "approved", "Published"
    REJECTED = "rejected", "Rejected"


class Review(models.Model):
    """One person's opinion of one product. Written by ``services.py`` only.

    Outside page revisions: publishing a draft of the product touches none. ``email`` is for staff and never shown.
    ``order`` is the order by whose signed link the review was written and that has the product: it makes the buyer
    verified, and it gives the right to one review of each of its products.
    """

    product = models.ForeignKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="reviews")
    stars = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=TITLE_MOST, blank=True)
    words = models.TextField(max_length=WORDS_MOST)
    name = models.CharField("name that is shown", max_length=NAME_MOST)
    email = models.EmailField("e-mail address", help_text="Never shown.")
    order = models.ForeignKey("orders.Order", null=True, blank=True, on_delete=models.SET_NULL, related_name="reviews")
    # Stays when the order is erased.
    verified = models.BooleanField("verified buyer", default=False)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    reason = models.CharField(
        "reason for rejecting it", max_length=REASON_MOST, blank=True, help_text="For staff; never shown."
    )
    answer = models.TextField(
        "the shop's answer", max_length=ANSWER_MOST, blank=True, help_text="Shown below the review. Empty: none."
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    moderated_at = models.DateTimeField(null=True, blank=True)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField("written", auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["product", "status", "-created_at"], name="review_of_product"),
            models.Index(fields=["status", "-created_at"], name="review_status"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=STARS_LEAST, stars__lte=STARS_MOST), name="review_stars"),
            models.CheckConstraint(
                condition=~Q(status=Status.REJECTED) | ~Q(reason=""), name="review_rejected_for_a_reason"
            ),
            models.UniqueConstraint(
                fields=["product", "order"], condition=Q(order__isnull=False), name="review_once_per_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars by {self.name}"

    @property
    def beginning(self) -> str:
        """The first words, for lists."""
        return Truncator(f"{self.title}: {self.words}" if self.title else self.words).chars(100)

    @property
    def rating(self) -> int:
        """In hundredths of a star, as listings have it."""
        return self.stars * 100


class Invitation(models.Model):
    """The letter that asks a buyer for reviews: at most one for an order.

    The row promises the letter, ``sent_at`` says that it went out; the sweeper finishes what a crash left.
    """

    order = models.OneToOneField("orders.Order", on_delete=models.CASCADE, related_name="review_invitation")
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(sent_at__gte=F("created_at")), name="invitation_sent_after_made"
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation for {self.order_id}"
