"""Carts that belong to an account."""

from django.conf import settings
from django.db import models


class SavedCart(models.Model):
    """What is in the cart of somebody with an account: ``{SKU: units}``, as the session has it.

    Written by ``saved.py`` only. The session's cart is the one that is shown and bought; this is its copy, from which
    the next login starts. ``sources`` are digests of the last sessions whose carts have come in.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_cart")
    items = models.JSONField(default=dict)
    # A default of the database's own: until a deploy is through, processes write here that do not know the column.
    sources = models.JSONField(default=list, db_default=[])
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Cart of {self.user_id}"
