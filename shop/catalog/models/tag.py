"""Words that editors and import files put on products, for collections to find them by."""

from django.db import models
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase


class ProductTag(TaggedItemBase):
    """One tag on one product; part of the page's revision. Shoppers never see it."""

    content_object = ParentalKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="product_tag_once")]
