"""What files have said, so that the next one can be told from it; and the pictures they name."""

from django.db import models


class ImportedProduct(models.Model):
    """What the last import said about a product.

    An import changes what the *file* has changed since then. What people have changed in the shop meanwhile - a price,
    a sentence, units sold - stays, unless the file says something new about that very thing.
    """

    product = models.OneToOneField("catalog.ProductPage", on_delete=models.CASCADE, primary_key=True, related_name="+")
    source = models.CharField(max_length=20)  # name of the dialect
    key = models.CharField(max_length=255)  # what the file calls the product: for Shopify its handle
    # Name of a statement -> digest of what was said (see ``ProductDraft.statements``).
    statements = models.JSONField(default=dict)
    imported_at = models.DateTimeField(auto_now=True)

    # A product page is not "used" by this row.
    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["source", "key"], name="imported_key")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class FetchedPicture(models.Model):
    """The image that came from an address: the same address is not fetched twice."""

    address_digest = models.CharField(max_length=12, unique=True)  # ``drafts.digest``
    image = models.ForeignKey("cms.CustomImage", on_delete=models.CASCADE, related_name="+")
    fetched_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.address_digest}: image {self.image_id}"


class WantedPicture(models.Model):
    """A picture that a file names for a product, or for one of its variants where ``sku`` is given.

    The row stays when the picture is there: a sweep may come over it any number of times.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    product = models.ForeignKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="+")
    sku = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=2000)  # or the name of a file in the archive
    address_digest = models.CharField(max_length=12)
    alt = models.CharField(max_length=255, blank=True)
    position = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Whose archive has the file, where the address is a name in one.
    run = models.ForeignKey("imports.ImportRun", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="wanted_picture_state")]
        constraints = [
            models.UniqueConstraint(fields=["product", "sku", "address_digest"], name="wanted_picture_once"),
        ]

    def __str__(self) -> str:
        return f"{self.address[:80]} ({self.get_state_display()})"
