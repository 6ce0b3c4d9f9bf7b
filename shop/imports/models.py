"""What files have said, so that the next one can be told from it."""

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
