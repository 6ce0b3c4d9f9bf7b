"""What was asked, counted. Nothing of who asked, nor when more exactly than the day."""

from django.db import models
from django.utils.formats import date_format


class LoggedQuery(models.Model):
    """A query as it was typed, in lower case, and how it went over all."""

    query = models.CharField(max_length=200, unique=True)
    searches = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)
    # Products that had all words when it was asked last.
    found = models.PositiveIntegerField(default=0)
    last_asked = models.DateField(db_index=True)
    suggested = models.BooleanField(
        "may be suggested", default=True, help_text="Offered to shoppers who begin to type it, once several have asked."
    )

    class Meta:
        verbose_name = "search query"
        verbose_name_plural = "search queries"
        # Beginnings are looked up while somebody types.
        indexes = [models.Index(fields=["-searches"], name="search_query_popular")]

    def __str__(self) -> str:
        return self.query

    @property
    def day_asked(self) -> str:
        """As people write a day."""
        return date_format(self.last_asked, "j M Y")


class QueryDay(models.Model):
    """How often a query was asked on a day, how often without finding anything, and how often a result was followed."""

    query = models.ForeignKey(LoggedQuery, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(db_index=True)
    searches = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["query", "day"], name="search_query_once_a_day")]
