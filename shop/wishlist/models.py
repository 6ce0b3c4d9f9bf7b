"""What people with an account would like to have."""

from django.conf import settings
from django.db import models


class WishlistItem(models.Model):
    """One product on the list of one account. Visitors without an account have their list in the session."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishlist")
    product = models.ForeignKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "product"], name="wishlist_product_once")]

    def __str__(self) -> str:
        return f"{self.product_id} for {self.user_id}"
