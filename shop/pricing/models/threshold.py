"""How far a group may change prices on its own."""

from django.core.validators import MaxValueValidator
from django.db import models

PERCENT_MOST = 1_000


class PriceThreshold(models.Model):
    """Members change a price by up to so many per cent at once by themselves; beyond it somebody else has to approve.

    Of several groups the most generous counts. Whoever is in no group with a threshold has no limit.
    """

    group = models.OneToOneField("auth.Group", on_delete=models.CASCADE, related_name="price_threshold")
    percent = models.PositiveSmallIntegerField(
        "up to, per cent",
        validators=[MaxValueValidator(PERCENT_MOST)],
        help_text="Up or down. 0: every change needs a second person.",
    )

    class Meta:
        ordering = ["group__name"]

    def __str__(self) -> str:
        return f"{self.group}: {self.percent} %"
