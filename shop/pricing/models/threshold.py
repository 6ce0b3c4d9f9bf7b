"""How far a group may change prices on its own."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models

PERCENT_MOST = 1_000


class PriceThreshold(models.Model):
    """Members change a price by up to so many per cent at once by themselves; beyond it somebody else has to approve.

    What they may approve of others' has a limit of its own. Of several groups the most generous counts. Whoever is in
    no group with a threshold has no limit.
    """

    group = models.OneToOneField("auth.Group", on_delete=models.CASCADE, related_name="price_threshold")
    percent = models.PositiveSmallIntegerField(
        "up to, per cent",
        validators=[MaxValueValidator(PERCENT_MOST)],
        help_text="Up or down. 0: every change needs a second person.",
    )
    approves = models.PositiveSmallIntegerField(
        "approves up to, per cent",
        null=True,
        blank=True,
        validators=[MaxValueValidator(PERCENT_MOST)],
        help_text="What members may approve that others proposed. Empty: changes of any size.",
    )

    class Meta:
        ordering = ["group__name"]

    def clean(self) -> None:
        super().clean()
        if self.approves is not None and self.percent is not None and self.approves < self.percent:
            raise ValidationError({"approves": "At least as much as members may change by themselves."})

    def __str__(self) -> str:
        return f"{self.group}: {self.percent} %"
