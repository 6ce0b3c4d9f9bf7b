"""Countries that are delivered to in the same ways."""

import re

from django.db import models
from django.db.models import Q


class ShippingZone(models.Model):
    """Some countries, perhaps only some postcodes of them, or the rest of the world.

    ``countries`` are ISO 3166-1 alpha-2 codes. ``postcodes`` are beginnings, one per line; a zone that has them counts
    only where one of them fits, and then before a zone of the whole country.
    """

    name = models.CharField(max_length=60, unique=True, help_text="For staff: United Kingdom, Europe.")
    countries = models.JSONField(default=list, blank=True)
    postcodes = models.TextField(
        "only these postcodes",
        blank=True,
        max_length=4000,
        help_text="Beginnings, one per line: JE, GY, IV2. Empty: everywhere in these countries.",
    )
    rest_of_world = models.BooleanField(
        "rest of the world", default=False, help_text="All countries that no other zone has."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="The order of zones on this screen.")

    class Meta:
        verbose_name = "delivery zone"
        ordering = ["rest_of_world", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rest_of_world"], condition=Q(rest_of_world=True), name="shipping_one_rest_of_world"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefixes(self) -> list[str]:
        """The beginnings of postcodes, as ``compact`` writes them."""
        return [prefix for prefix in (compact(line) for line in re.split(r"[\n,;]", self.postcodes)) if prefix]

    def fits(self, country: str, postcode: str) -> int | None:
        """How closely the zone fits an address: the larger, the closer; None where it does not."""
        if self.rest_of_world:
            return 0
        if country not in self.countries:
            return None
        prefixes = self.prefixes
        if not prefixes:
            return 1
        found = [len(prefix) for prefix in prefixes if compact(postcode).startswith(prefix)]
        return 1 + max(found) if found else None


def compact(postcode: str) -> str:
    """A postcode without blanks and signs, in capitals: how two are compared."""
    return re.sub(r"[\s.\-]", "", postcode).upper()
