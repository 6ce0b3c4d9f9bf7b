"""A product's page: its words and pictures. What it costs and how many there are is not content and lives elsewhere."""

from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable
from wagtail.search import index

from cms.models import BasePage
from shop.catalog.blocks import DETAIL_BLOCKS


class ProductPage(BasePage):
    """The parent category decides the address; ``further_categories`` list the product as well.

    Variants point here with a plain foreign key: they are not part of a revision, so publishing an old draft
    cannot move or delete them.
    """

    summary = models.CharField(max_length=255, blank=True, help_text="One sentence below the title and in listings.")
    body = RichTextField(blank=True)
    details = StreamField(DETAIL_BLOCKS, blank=True, help_text="Facts: material, size, care.")
    brand = models.ForeignKey(
        "catalog.Brand", null=True, blank=True, on_delete=models.SET_NULL, related_name="products"
    )
    further_categories = ParentalManyToManyField("catalog.CategoryPage", blank=True, related_name="further_products")

    template = "pages/catalog/product_page.html"
    subpage_types: list[str] = []
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        InlinePanel("images", heading="Pictures", label="Picture"),
        FieldPanel("body"),
        FieldPanel("details"),
        MultiFieldPanel([FieldPanel("brand"), FieldPanel("further_categories")], heading="Where it belongs"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.RelatedFields("brand", [index.SearchField("name")]),
    ]

    class Meta:
        verbose_name = "product"


class ProductImage(Orderable):
    """One picture of a product; the first is the one that listings show."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="images")
    image = models.ForeignKey("cms.CustomImage", on_delete=models.CASCADE, related_name="+")
    alt = models.CharField("text alternative", max_length=255, blank=True, help_text="Empty: the image's description.")

    panels = [FieldPanel("image"), FieldPanel("alt")]

    @property
    def alt_text(self) -> str:
        """What a screen reader says in place of the picture."""
        return self.alt or self.image.default_alt_text
