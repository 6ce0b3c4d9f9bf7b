"""Products that an editor puts beside another. Content: they belong to the page's revision."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import PageChooserPanel
from wagtail.models import Orderable

RELATED_MOST = 12


class ChosenProduct(Orderable):
    """One product in an editor's order. A product that is deleted leaves the list."""

    product = models.ForeignKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("product", "catalog.ProductPage")]

    class Meta(Orderable.Meta):
        abstract = True


class RelatedProduct(ChosenProduct):
    """Shown on the product's page, instead of what the shop would choose by itself."""

    page = ParentalKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="related_products")


class CrossSellProduct(ChosenProduct):
    """Offered in the cart to whoever has the page's product in it."""

    page = ParentalKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="cross_sell_products")
