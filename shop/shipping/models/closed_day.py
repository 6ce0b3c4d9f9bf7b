"""Days on which nothing leaves and nothing arrives."""

from django.db import models


class ClosedDay(models.Model):
    """A public holiday, a stocktaking: no working day for the estimates of delivery, Saturdays and Sundays aside."""

    day = models.DateField(unique=True, error_messages={"unique": "This day is in the list already."})
    name = models.CharField(max_length=60, blank=True, help_text="For staff: Christmas Day.")

    class Meta:
        verbose_name = "day without parcels"
        verbose_name_plural = "days without parcels"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d %b %Y}" + (f" ({self.name})" if self.name else "")
