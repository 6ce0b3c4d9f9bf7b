"""What a buyer may download, how often, and until when."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shop.catalog.models import DigitalFile
from shop.orders.models.order import OrderLine

CODE_BYTES = 24


def new_code() -> str:
    """Random enough that nobody guesses it."""
    return secrets.token_urlsafe(CODE_BYTES)


class Download(models.Model):
    """One file of one order line, granted when the order was paid. Written by ``downloads.py`` only.

    ``code`` is what the link carries, signed; a renewed download has a new one, and the old link is dead. ``file`` is
    empty only where somebody has deleted its row by hand.
    """

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="downloads")
    file = models.ForeignKey(DigitalFile, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=120)
    code = models.CharField(max_length=64, unique=True, default=new_code, editable=False)
    limit = models.PositiveIntegerField(help_text="How often it may be fetched.")
    used = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "file"], name="download_once_per_line"),
            models.CheckConstraint(condition=Q(used__lte=F("limit")), name="download_used_at_most_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.used} of {self.limit})"

    @property
    def left(self) -> int:
        """How often it may still be fetched."""
        return max(self.limit - self.used, 0)

    @property
    def is_open(self) -> bool:
        """Whether its link works now."""
        return self.left > 0 and self.expires_at > timezone.now()
